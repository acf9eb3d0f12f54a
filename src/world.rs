//! All that the compiler may ask of the outside. Only [`disk`] touches the machine.

pub mod date;
pub mod disk;
pub mod memory;
mod reason;
pub mod supposed;

pub use date::Date;
pub use disk::Disk;
pub use memory::Memory;
pub use supposed::Supposed;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

const NO_PROGRAM: &str = "there is no such program on the path";

/// What a program said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// Whether its exit code was 0.
    pub succeeded: bool,
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

/// Files by path, relative to the project's folder.
///
/// Errors keep their [`io::ErrorKind`] and read as the end of a sentence: "there is no such file".
pub trait World: Sync {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// All files below `folder`, sorted; none if the folder is not there. Paths start with `folder`. Symbolic links are
    /// left out.
    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>>;

    /// Writes a file and the folders above it. Whoever reads it sees the old bytes or the new ones.
    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file, and the folders above it that this empties, up to `root` (which stays).
    fn remove(&self, path: &Utf8Path, root: &Utf8Path) -> io::Result<()>;

    /// Runs a program that the machine has, in this folder, gives it `input`, and waits for its end. That there is no such
    /// program is [`io::ErrorKind::NotFound`].
    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> io::Result<Ran> {
        let _ = (program, arguments, input);
        Err(io::Error::new(io::ErrorKind::NotFound, NO_PROGRAM))
    }

    /// Everything on standard input.
    fn input(&self) -> io::Result<Vec<u8>>;

    /// The day on which this runs, for what ends on a day. It never reaches an output byte.
    fn today(&self) -> Date;
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    /// What must hold of every world.
    fn holds(check: impl Fn(&dyn World)) {
        check(&Memory::default());
        let folder = tempfile::tempdir().unwrap();
        check(&Disk::at(Utf8Path::from_path(folder.path()).unwrap()));
    }

    fn write(world: &dyn World, path: &str) {
        world.write(path.into(), path.as_bytes()).unwrap();
    }

    fn files(world: &dyn World, folder: &str) -> Vec<String> {
        world.files(folder.into()).unwrap().into_iter().map(Utf8PathBuf::into_string).collect()
    }

    #[test]
    fn what_is_written_is_read_back() {
        holds(|world| {
            write(world, "a/b/c.yaml");
            assert_eq!(world.read("a/b/c.yaml".into()).unwrap(), b"a/b/c.yaml");
            assert_eq!(world.read("./a/b/../b/c.yaml".into()).unwrap(), b"a/b/c.yaml");
        });
    }

    #[test]
    fn files_are_listed_sorted_and_start_with_their_folder() {
        holds(|world| {
            ["a/z", "a/b/c", "a-b", "b"].into_iter().for_each(|path| write(world, path));
            assert_eq!(files(world, "a"), ["a/b/c", "a/z"]);
            assert_eq!(files(world, ""), ["a/b/c", "a/z", "a-b", "b"]);
            assert_eq!(files(world, "nowhere"), [""; 0]);
        });
    }

    #[test]
    fn what_is_missing_says_so() {
        holds(|world| {
            let error = world.read("nowhere.yaml".into()).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::NotFound, "there is no such file"));
            assert_eq!(world.remove("nowhere.yaml".into(), "".into()).unwrap_err().kind(), ErrorKind::NotFound);
        });
    }

    #[test]
    fn a_program_that_is_not_there_says_so() {
        holds(|world| {
            let error = world.run("platformc-has-no-such-program", &[], b"").unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::NotFound, NO_PROGRAM));
        });
    }

    #[test]
    fn a_folder_is_not_a_file() {
        holds(|world| {
            write(world, "a/b");
            let error = world.read("a".into()).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::IsADirectory, "it is a folder"));
            assert_eq!(world.write("a".into(), b"").unwrap_err().kind(), ErrorKind::IsADirectory);
            assert_eq!(world.remove("a".into(), "".into()).unwrap_err().kind(), ErrorKind::IsADirectory);
            assert_eq!(files(world, ""), ["a/b"]);
        });
    }

    #[test]
    fn a_file_is_not_a_folder() {
        holds(|world| {
            write(world, "a");
            for error in [world.read("a/b".into()).map(drop), world.write("a/b".into(), b"")] {
                let error = error.unwrap_err();
                let text = error.to_string();
                assert_eq!((error.kind(), text.as_str()), (ErrorKind::NotADirectory, "a part of its path is a file"));
            }
            assert_eq!(world.files("a".into()).unwrap_err().kind(), ErrorKind::NotADirectory);
        });
    }

    #[test]
    fn removing_takes_the_folders_that_it_empties_but_not_the_root() {
        holds(|world| {
            ["out/a/b/c", "out/a/d"].into_iter().for_each(|path| write(world, path));
            world.remove("out/a/b/c".into(), "out".into()).unwrap();
            assert_eq!(world.read("out/a/b".into()).unwrap_err().kind(), ErrorKind::NotFound);
            world.remove("out/a/d".into(), "out".into()).unwrap();
            assert_eq!(world.read("out/a".into()).unwrap_err().kind(), ErrorKind::NotFound);
        });
    }
}
