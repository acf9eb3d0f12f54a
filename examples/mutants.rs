//! Writes the mutants of the golden platforms, so that other tools can be run on them: `cargo run --example mutants -- DIR`.
//!
//! `DIR/<platform>/<environment>/<number>/` is a whole tree with one reference broken, `DIR/mutants.tsv` says for each
//! folder which file, what was broken, and the codes of which platformc gives one. A second argument takes only lines of the
//! table that contain it (`Service`, `rename`).

#![allow(clippy::disallowed_methods, reason = "an example reads its arguments and writes files")]
#![allow(clippy::print_stdout, reason = "what was written is for the terminal")]
#![allow(dead_code, reason = "the test uses the rest")]

#[path = "../tests/mutants/generate.rs"]
mod generate;

use std::error::Error;
use std::fmt::Write;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use generate::{Base, Mutant, each_environment};
use platformc::world::Disk;

const TABLE: &str = include_str!("../tests/mutants/table.yaml");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = Utf8PathBuf::from(arguments.next().ok_or("where to? cargo run --example mutants -- DIR")?);
    let only = arguments.next().unwrap_or_default();
    let mut table = generate::table(TABLE)?;
    table.retain(|site| site.class().contains(&only));
    let mut index = String::from("folder\tfile\tbroken\tcodes\n");
    let golden = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for case in golden.read_dir_utf8()? {
        let case = case?;
        let mut failed = None;
        each_environment(&Disk::at(case.path()), |environment, base| {
            for (number, mutant) in base.mutants(&table).iter().enumerate() {
                let name = format!("{}/{environment}/{number:04}", case.file_name()).replace("//", "/");
                failed = failed.take().or(write(base, mutant, &folder.join(&name)).err());
                let codes = mutant.killed_by.join(",");
                let _ = writeln!(index, "{name}\t{}\t{}\t{codes}", mutant.file, mutant.what);
            }
        })?;
        failed.map_or(Ok(()), Err)?;
    }
    fs::write(folder.join("mutants.tsv"), &index)?;
    println!("{}: {} mutants", folder, index.lines().count() - 1);
    Ok(())
}

/// The whole tree, with the broken file in it.
fn write(base: &Base, mutant: &Mutant, folder: &Utf8Path) -> std::io::Result<()> {
    for file in &base.rendered.files {
        let text = if file.path == mutant.file { &mutant.text } else { &file.text };
        let path = folder.join(&file.path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)?;
    }
    Ok(())
}
