//! The real disk, clock, environment and programs: the only place that touches them.

#![allow(clippy::disallowed_methods, reason = "this is where the disk, the clock and the environment are")]
#![allow(clippy::disallowed_types, reason = "this is where programs are run")]

mod change;
mod look;
mod wait;

use std::env;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};

use super::reason::{refused, reworded};
use super::{Date, Entry, Lock, NO_PROGRAM, Ran, World};

/// The files below one folder.
#[derive(Debug, Clone)]
pub struct Disk {
    root: Utf8PathBuf,
}

impl Disk {
    pub fn at(root: impl Into<Utf8PathBuf>) -> Self {
        let root = root.into();
        // An empty path is no folder to the system.
        Self { root: if root.as_str().is_empty() { ".".into() } else { root } }
    }

    fn place(&self, path: &Utf8Path) -> Utf8PathBuf {
        if path.as_str().is_empty() { self.root.clone() } else { self.root.join(path) }
    }
}

impl World for Disk {
    fn folder(&self) -> &Utf8Path {
        self.root.strip_prefix(".").unwrap_or(&self.root)
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        look::read(&self.place(path)).map_err(reworded)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        look::entry(&self.place(path), path).map_err(reworded)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        look::entries(&self.place(folder), folder).map_err(reworded)
    }

    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        look::files(&self.place(folder), folder).map_err(reworded)
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(path);
        // Some systems let a file take an empty folder's place, or name the obstacle wrongly.
        if place.is_dir() {
            return Err(refused(ErrorKind::IsADirectory));
        }
        place.parent().map_or(Ok(()), make_folder)?;
        let fresh = place.with_file_name(format!(".{}.new", place.file_name().unwrap_or_default()));
        fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, &place)).map_err(|error| {
            // The first error is the one to tell.
            let _ = fs::remove_file(&fresh);
            reworded(error)
        })
    }

    fn create(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(path);
        let open = || fs::File::create_new(&place);
        let opened = match open() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                place.parent().map_or(Ok(()), make_folder).and_then(|()| open())
            }
            other => other,
        };
        opened.and_then(|mut file| file.write_all(bytes)).map_err(reworded)
    }

    fn make_folder(&self, path: &Utf8Path, like: Option<&Utf8Path>) -> io::Result<()> {
        let place = self.place(path);
        let is_new = look::entry(&place, path).is_err();
        make_folder(&place)?;
        match like {
            Some(like) if is_new => change::permit(&self.place(like), &place).map_err(reworded),
            _ => Ok(()),
        }
    }

    fn link(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        change::link(&self.place(from), &self.place(to)).map_err(reworded)
    }

    fn rename(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        change::rename(&self.place(from), &self.place(to)).map_err(reworded)
    }

    fn exchange(&self, one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
        change::exchange(&self.place(one), &self.place(other)).map_err(reworded)
    }

    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        change::remove(&self.place(path)).map_err(reworded)
    }

    fn sync(&self, paths: &[Utf8PathBuf]) -> io::Result<()> {
        let places: Vec<Utf8PathBuf> = paths.iter().map(|path| self.place(path)).collect();
        change::sync(&places).map_err(reworded)
    }

    fn lock(&self, folder: &Utf8Path, patience: Duration) -> io::Result<Option<Lock>> {
        wait::lock(&self.place(folder), patience).map_err(reworded)
    }

    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> io::Result<Ran> {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => io::Error::new(ErrorKind::NotFound, NO_PROGRAM),
            _ => reworded(error),
        })?;
        let stdin = child.stdin.take();
        let ended = thread::scope(|scope| {
            // While it reads, it may write: neither end waits for the other. One that does not care to read is no fault.
            scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(input)));
            child.wait_with_output()
        });
        let Output { status, stdout, stderr } = ended.map_err(reworded)?;
        Ok(Ran { succeeded: status.success(), output: stdout, errors: stderr })
    }

    fn pause(&self, time: Duration) {
        thread::sleep(time);
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![];
        io::stdin().read_to_end(&mut bytes).map_err(reworded)?;
        Ok(bytes)
    }

    fn today(&self) -> Date {
        today(env::var("SOURCE_DATE_EPOCH").ok().as_deref(), SystemTime::now())
    }
}

/// The day that `SOURCE_DATE_EPOCH` says (<https://reproducible-builds.org/specs/source-date-epoch/>), else the clock's.
fn today(asked: Option<&str>, clock: SystemTime) -> Date {
    let asked = asked.and_then(|seconds| Date::at(seconds.parse().ok()?));
    let since = clock.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    asked.or_else(|| Date::at(i64::try_from(since).ok()?)).unwrap_or(Date::EPOCH)
}

fn make_folder(folder: &Utf8Path) -> io::Result<()> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => refused(ErrorKind::NotADirectory),
        _ => reworded(error),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_day_is_that_of_the_environment_else_of_the_clock() {
        let clock = UNIX_EPOCH + std::time::Duration::from_secs(86_400);
        let day = |asked| today(asked, clock).to_string();
        assert_eq!(day(Some("1798761600")), "2027-01-01");
        assert_eq!(day(None), "1970-01-02");
        assert_eq!(day(Some("soon")), "1970-01-02");
    }

    #[test]
    fn programs_run_in_the_folder_and_read_what_they_are_given() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        disk.write("file".into(), b"there").unwrap();
        // More than a pipe holds: neither end may wait for the other.
        let much = vec![b'x'; 1 << 20];
        let ran = disk.run("cat", &["file", "-"], &much).unwrap();
        assert!(ran.succeeded && ran.output == [b"there", much.as_slice()].concat());
        let failed = disk.run("ls", &["nowhere"], &much).unwrap();
        assert!(!failed.succeeded && failed.output.is_empty() && !failed.errors.is_empty());
    }

    #[test]
    fn a_new_folder_is_as_the_one_it_stands_for_or_is_refused() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = Disk::at(root);
        disk.make_folder("a".into(), None).unwrap();
        // Only root may give folders away.
        let is_root = chown(root.join("a"), Some(1000), Some(1000)).is_ok();
        fs::set_permissions(root.join("a"), fs::Permissions::from_mode(0o2750)).unwrap();
        disk.make_folder("b".into(), Some("a".into())).unwrap();
        let found = fs::metadata(root.join("b")).unwrap();
        assert_eq!(found.mode() & 0o7777, 0o2750);
        assert!(!is_root || (found.uid(), found.gid()) == (1000, 1000));
        #[cfg(target_os = "linux")]
        {
            let flags = rustix::fs::XattrFlags::empty();
            // Not every disk has attributes.
            if rustix::fs::setxattr(root.join("a").as_std_path(), "user.platformc", b"1", flags).is_ok() {
                let error = disk.make_folder("c".into(), Some("a".into())).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unsupported);
            }
        }
    }

    #[test]
    fn a_folder_has_one_lock_whatever_name_it_goes_by() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = Disk::at(root);
        ["real/out", "other"].iter().for_each(|path| disk.make_folder((*path).into(), None).unwrap());
        symlink("../real/out", root.join("other/link")).unwrap();
        let take = |path: &str| disk.lock(path.into(), Duration::ZERO).unwrap();
        let lock = take("real/out/..");
        assert!(lock.is_some() && take("other/link/..").is_none());
        drop(lock);
        disk.write("file".into(), b"").unwrap();
        assert!(take("file/..").is_some());
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        disk.write("a/b/c".into(), b"").unwrap();
        fs::set_permissions(folder.path().join("a/b"), fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads everything.
        if let Err(error) = disk.entries("".into()) {
            assert_eq!(error.to_string(), "permission is denied in `a/b`");
        }
        fs::set_permissions(folder.path().join("a/b"), fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[test]
    fn symbolic_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = Disk::at(root);
        disk.write("a/file".into(), b"").unwrap();
        symlink(root, root.join("a/loop")).unwrap();
        symlink(root.join("a/file"), root.join("a/link")).unwrap();
        assert_eq!(disk.files("".into()).unwrap(), ["a/file"]);
    }

    #[test]
    fn pipes_devices_and_endless_files_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = Disk::at(root);
        let pipe = root.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        fs::File::create(root.join("large")).unwrap().set_len(2 << 30).unwrap();
        let told = |path: &str| disk.read(path.into()).unwrap_err().to_string();
        assert_eq!(told("pipe"), "it is a pipe or a device, no file");
        assert_eq!(told("/dev/zero"), "it is a pipe or a device, no file");
        assert_eq!(told("large"), "it is larger than anything that is read");
        assert_eq!(told("."), "it is a folder");
    }

    #[test]
    fn what_is_there_is_not_created() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        disk.create("a/b".into(), b"first").unwrap();
        assert_eq!(disk.create("a/b".into(), b"second").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(disk.create("a/b/c".into(), b"").unwrap_err().kind(), ErrorKind::NotADirectory);
        assert_eq!(disk.read("a/b".into()).unwrap(), b"first");
    }

    #[test]
    fn writing_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        disk.write("a".into(), b"old").unwrap();
        disk.write("a".into(), b"new").unwrap();
        assert_eq!(disk.files("".into()).unwrap(), ["a"]);
        assert_eq!(disk.read("a".into()).unwrap(), b"new");
    }
}
