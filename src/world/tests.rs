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
        assert_eq!(world.remove("nowhere.yaml".into()).unwrap_err().kind(), ErrorKind::NotFound);
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
        assert_eq!(world.remove("a".into()).unwrap_err().kind(), ErrorKind::DirectoryNotEmpty);
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

fn folder(world: &dyn World, path: &str) {
    world.make_folder(path.into(), None).unwrap();
}

/// What stands where, one letter for what it is.
fn standing(world: &dyn World) -> Vec<String> {
    let letter = |entry: Entry| format!("{:?} {}", entry.kind, entry.path);
    world.entries("".into()).unwrap().into_iter().map(letter).collect()
}

#[test]
fn only_what_is_empty_is_removed_and_nothing_else_goes_with_it() {
    holds(|world| {
        write(world, "a/b/c");
        assert_eq!(world.remove("a/b".into()).unwrap_err().kind(), ErrorKind::DirectoryNotEmpty);
        world.remove("a/b/c".into()).unwrap();
        world.remove("a/b".into()).unwrap();
        assert_eq!(standing(world), ["Folder a"]);
    });
}

#[test]
fn a_second_name_is_the_same_thing_and_replaces_nothing() {
    holds(|world| {
        ["a", "b"].into_iter().for_each(|path| write(world, path));
        world.link("a".into(), "c".into()).unwrap();
        let stamp = |path: &str| world.entry(path.into()).unwrap().stamp;
        assert!(stamp("a").is_same_thing(stamp("c")) && !stamp("a").is_same_thing(stamp("b")));
        assert_eq!(world.read("c".into()).unwrap(), b"a");
        assert_eq!(world.link("a".into(), "b".into()).unwrap_err().kind(), ErrorKind::AlreadyExists);
        // Writing replaces the name, not what the other name stands for.
        world.write("c".into(), b"new").unwrap();
        assert_eq!(world.read("a".into()).unwrap(), b"a");
    });
}

#[test]
fn moving_replaces_nothing_either() {
    holds(|world| {
        ["a/b", "c"].into_iter().for_each(|path| write(world, path));
        folder(world, "e");
        for (from, to) in [("c", "a/b"), ("a", "c"), ("a", "e"), ("c", "e")] {
            let error = world.rename(from.into(), to.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{from} {to}");
        }
        assert_eq!(world.rename("nowhere".into(), "d".into()).unwrap_err().kind(), ErrorKind::NotFound);
        world.rename("a".into(), "d".into()).unwrap();
        assert_eq!(standing(world), ["File c", "Folder d", "File d/b", "Folder e"]);
    });
}

#[test]
fn folders_change_places() {
    holds(|world| {
        ["a/1", "b/2/3"].into_iter().for_each(|path| write(world, path));
        world.exchange("a".into(), "b".into()).unwrap();
        assert_eq!(standing(world), ["Folder a", "Folder a/2", "File a/2/3", "Folder b", "File b/1"]);
        assert_eq!(world.exchange("a".into(), "c".into()).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn folders_are_made_with_those_above_them() {
    holds(|world| {
        folder(world, "a/b");
        world.make_folder("a/b/c".into(), Some("a".into())).unwrap();
        folder(world, "a");
        assert_eq!(standing(world), ["Folder a", "Folder a/b", "Folder a/b/c"]);
        write(world, "f");
        assert_eq!(world.make_folder("f/g".into(), None).unwrap_err().kind(), ErrorKind::NotADirectory);
        world.sync(&["a".into(), "f".into()]).unwrap();
    });
}

#[test]
fn one_at_a_time_has_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
    let take = || disk.lock("".into(), Duration::from_millis(20)).unwrap();
    let lock = take();
    assert!(lock.is_some() && take().is_none());
    drop(lock);
    assert!(take().is_some());
    assert!(disk.lock("nowhere".into(), Duration::ZERO).unwrap().is_some());
    assert_eq!(disk.entries("".into()).unwrap(), [], "it leaves nothing behind");
}
