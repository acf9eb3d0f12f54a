//! `platformc man`: the manual pages, which say what `--help` says.

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::{Answer, Cli};
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc man                                 print the page of platformc: `platformc man | man -l -`
  platformc man --out ~/.local/share/man/man1   write a page for each command, where `man` finds them";

/// Print the manual, or write a page for each command.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Write all pages into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<Utf8PathBuf>,
}

pub fn run(arguments: &Arguments) -> Answer {
    answer(&Disk::at(""), arguments).unwrap_or_else(Answer::failed)
}

fn answer(world: &dyn World, arguments: &Arguments) -> Result<Answer, String> {
    let pages = pages();
    let Some(folder) = &arguments.out else {
        return Ok(Answer::output(pages.into_iter().next().map(|(_, page)| page).unwrap_or_default()));
    };
    let written: Result<String, String> =
        pages.iter().map(|(name, page)| write(world, &folder.join(name), page)).collect();
    Ok(Answer { message: written?, ..Answer::default() })
}

fn write(world: &dyn World, path: &Utf8Path, page: &str) -> Result<String, String> {
    let written = world.write(path, page.as_bytes());
    written.map(|()| format!("{path}: written\n")).map_err(|error| format!("error: cannot write `{path}`: {error}\n"))
}

/// The page of the program, then one for each command, by file name.
fn pages() -> Vec<(String, String)> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let commands = program.get_subcommands().cloned().collect::<Vec<_>>();
    std::iter::once(program).chain(commands).map(|command| (file(&command), page(command))).collect()
}

/// `platformc-render.1`
fn file(command: &Command) -> String {
    format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name()))
}

fn page(command: Command) -> String {
    let mut page = vec![];
    // A list of bytes takes whatever is written to it.
    let _ = Man::new(command).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;
    use crate::world::Memory;

    #[test]
    fn every_command_has_a_page() {
        let world = Memory::default();
        let answer = answer(&world, &Arguments { out: Some("man".into()) }).unwrap();
        assert_eq!(answer.message.lines().count(), Cli::command().get_subcommands().count() + 1);
        let page = world.text("man/platformc-render.1").unwrap();
        assert!(page.contains(".SH SYNOPSIS") && page.contains("platform.yaml"), "{page}");
    }

    #[test]
    fn the_page_of_the_program_names_its_commands() {
        let page = run(&Arguments { out: None }).output;
        assert!(page.contains("platformc\\-verify\\-chart(1)"), "{page}");
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let world = Memory::with([("man", "a file")]);
        let told = answer(&world, &Arguments { out: Some("man".into()) }).unwrap_or_else(Answer::failed);
        assert_eq!((told.message.lines().count(), told.exit), (1, Exit::Failed), "{}", told.message);
    }
}
