//! `platformc completions`: scripts with which shells complete commands and options.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Answer, Cli};

const EXAMPLES: &str = "\
Examples:
  platformc completions bash   for ~/.local/share/bash-completion/completions/platformc
  platformc completions zsh    for a file _platformc in a folder of $fpath
  platformc completions fish   for ~/.config/fish/completions/platformc.fish";

/// Print a script that completes commands and options in a shell.
#[derive(Debug, Clone, clap::Args)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// Write it for this shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

pub fn run(arguments: &Arguments) -> Answer {
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut Cli::command(), "platformc", &mut script);
    Answer::output(String::from_utf8_lossy(&script).into_owned())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_has_a_script_that_knows_the_commands() {
        for shell in Shell::value_variants() {
            let script = run(&Arguments { shell: *shell }).output;
            let silent = Cli::command().get_subcommands().find(|command| !script.contains(command.get_name())).cloned();
            assert!(silent.is_none(), "{shell}: {silent:?}");
        }
    }
}
