//! Files as they are committed, through the `git` program.

use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Bytes, nothing};
use crate::diagnostic::Diagnostic;
use crate::world::{Ran, World};

/// What lies below a folder of this world's at a revision, by its path in the folder.
pub fn committed(world: &dyn World, revision: &str, folder: &str) -> Result<Bytes, Diagnostic> {
    let git = Git { world, revision, folder };
    git.is_repository()?;
    let commit = git.commit()?;
    let blobs = git.blobs(&commit)?;
    if blobs.is_empty() {
        let fault = nothing(format!("at `{revision}` there is no `{folder}/` to compare with"));
        return Err(fault
            .note("the old side is what was committed, not what its platform.yaml compiles to now")
            .help("commit the folder with its platform.yaml, or give another revision or a folder"));
    }
    git.read(blobs)
}

struct Git<'a> {
    world: &'a dyn World,
    revision: &'a str,
    folder: &'a str,
}

/// A file and the name of its content.
type Blob = (Utf8PathBuf, String);

impl Git<'_> {
    fn is_repository(&self) -> Result<(), Diagnostic> {
        let ran = self.run(&["rev-parse", "--show-toplevel"], b"")?;
        match ran.succeeded {
            true => Ok(()),
            false => {
                let fault = nothing(format!("`{}` is no folder, and git knows no repository here", self.revision));
                Err(said(fault, &ran).help("give a folder that is there, or run it in a repository"))
            }
        }
    }

    /// The commit that the revision means.
    fn commit(&self) -> Result<String, Diagnostic> {
        let wanted = format!("{}^{{commit}}", self.revision);
        // What begins with a dash would be taken for an option.
        let is_option = self.revision.starts_with('-');
        let ran =
            if is_option { Ran::default() } else { self.run(&["rev-parse", "--verify", "--quiet", &wanted], b"")? };
        let commit = String::from_utf8_lossy(&ran.output).trim().to_owned();
        if ran.succeeded && !commit.is_empty() {
            return Ok(commit);
        }
        let fault = nothing(format!("`{}` is neither a folder nor a revision that git knows", self.revision));
        Err(fault
            .help("a workflow often has the last commit only: fetch the other one first, as with `fetch-depth: 0`"))
    }

    fn blobs(&self, commit: &str) -> Result<Vec<Blob>, Diagnostic> {
        let folder = format!("{}/", self.folder);
        let ran = self.run(&["ls-tree", "-r", "-z", commit, "--", &folder], b"")?;
        if !ran.succeeded {
            return Err(said(nothing(format!("git cannot list `{folder}` at `{}`", self.revision)), &ran));
        }
        let text = String::from_utf8_lossy(&ran.output);
        Ok(text.split('\0').filter_map(|line| blob(line, self.folder)).collect())
    }

    /// All contents in one run.
    fn read(&self, blobs: Vec<Blob>) -> Result<Bytes, Diagnostic> {
        let names: String = blobs.iter().map(|(_, name)| format!("{name}\n")).collect();
        let ran = self.run(&["cat-file", "--batch"], names.as_bytes())?;
        let refused = || said(nothing(format!("git cannot read `{}/` at `{}`", self.folder, self.revision)), &ran);
        let mut rest = ran.output.as_slice();
        let mut files = Bytes::new();
        for (path, _) in blobs {
            let (bytes, behind) = next(rest).ok_or_else(refused)?;
            files.insert(path, bytes.to_vec());
            rest = behind;
        }
        Ok(files)
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Ran, Diagnostic> {
        self.world.run("git", arguments, input).map_err(|error| match error.kind() {
            ErrorKind::NotFound => nothing(format!("`{}` is no folder, and git cannot be run", self.revision))
                .note(format!("git: {error}"))
                .help("install git, or give a folder: `--against DIR`"),
            _ => nothing(format!("git cannot be run: {error}")),
        })
    }
}

/// `100644 blob <name>\t<path>`; none for links and submodules.
fn blob(line: &str, folder: &str) -> Option<Blob> {
    let (entry, path) = line.split_once('\t')?;
    let mut entry = entry.split(' ');
    let (mode, kind, name) = (entry.next()?, entry.next()?, entry.next()?);
    let is_file = mode.starts_with("100") && kind == "blob";
    let path = Utf8Path::new(path).strip_prefix(folder).ok()?;
    is_file.then(|| (path.to_owned(), name.to_owned()))
}

/// One answer of `cat-file --batch`, `<name> blob <size>\n<content>\n`, and what comes behind it.
fn next(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let head = String::from_utf8_lossy(output.get(..end)?);
    let mut words = head.split(' ').skip(1);
    let size: usize = words.next().filter(|kind| *kind == "blob").and(words.next())?.parse().ok()?;
    let (content, rest) = output.get(end + 1..)?.split_at_checked(size)?;
    Some((content, rest.get(1..).unwrap_or_default()))
}

/// With what git said.
fn said(fault: Diagnostic, ran: &Ran) -> Diagnostic {
    let errors = String::from_utf8_lossy(&ran.errors);
    errors
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .into_iter()
        .fold(fault, |fault, line| fault.note(format!("git: {line}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Disk, Memory};

    fn refused(answer: impl Fn(&[&str]) -> Ran + Send + Sync + 'static) -> String {
        let world = Memory::default().answering(move |_, arguments, _| Ok(answer(arguments)));
        committed(&world, "main", "out").unwrap_err().message
    }

    fn fine(text: &str) -> Ran {
        Ran { succeeded: true, output: text.into(), errors: vec![] }
    }

    #[test]
    fn what_git_cannot_give_is_told() {
        let none = committed(&Memory::default(), "main", "out").unwrap_err();
        assert_eq!(none.message, "`main` is no folder, and git cannot be run");
        assert_eq!(refused(|_| Ran::default()), "`main` is no folder, and git knows no repository here");
        let unknown = |arguments: &[&str]| if arguments.contains(&"--verify") { Ran::default() } else { fine("") };
        assert_eq!(refused(unknown), "`main` is neither a folder nor a revision that git knows");
        let empty = |arguments: &[&str]| fine(if arguments.contains(&"ls-tree") { "" } else { "0123" });
        assert_eq!(refused(empty), "at `main` there is no `out/` to compare with");
        let broken = |arguments: &[&str]| match arguments[0] {
            "ls-tree" => fine("120000 blob 4567\tout/link\x00100644 blob 0123\tout/a\0"),
            _ => fine("0123 missing\n"),
        };
        assert_eq!(refused(broken), "git cannot read `out/` at `main`");
    }

    #[test]
    fn a_revision_is_never_an_option() {
        let world = Memory::default().answering(|_, arguments, _| {
            assert!(!arguments.iter().any(|argument| argument.starts_with("--output")), "{arguments:?}");
            Ok(Ran { succeeded: true, output: b"0123".to_vec(), errors: vec![] })
        });
        assert!(committed(&world, "--output=x", "out").is_err());
    }

    #[test]
    fn what_is_committed_is_read_from_a_folder_of_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let root = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        let project = Disk::at(Utf8Path::from_path(folder.path()).unwrap().join("teams/a"));
        for (path, text) in [("out/no.yaml", "other"), ("teams/a/out/prod/a.yaml", "a: 1\n"), ("teams/a/out/ü b", "")]
        {
            root.write(path.into(), text.as_bytes()).unwrap();
        }
        let git = |arguments: &[&str]| assert!(root.run("git", arguments, b"").unwrap().succeeded, "{arguments:?}");
        git(&["init", "-q"]);
        git(&["add", "."]);
        git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"]);
        root.write("teams/a/out/prod/a.yaml".into(), b"a: 2\n").unwrap();
        let files = committed(&project, "HEAD", "out").unwrap();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        assert_eq!(files, [("prod/a.yaml", b"a: 1\n".as_slice()), ("ü b", b"".as_slice())]);
    }
}
