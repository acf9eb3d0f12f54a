//! The same input gives the same bytes: run after run, in whatever order files are listed, on however many cores, in whatever
//! surroundings. What one machine cannot show, another processor or system, is not tested here.

#![allow(clippy::disallowed_types, reason = "this starts the program in other surroundings")]

use std::collections::BTreeMap;
use std::io;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::emit::Tree;
use platformc::source::Sources;
use platformc::world::{Date, Disk, Entry, Memory, World};
use platformc::{Request, compile};

use crate::platforms::{self, FILE, Project};
use crate::repository;

/// A world that lists its files from the last to the first.
struct Reversed<'a>(&'a Memory);

impl World for Reversed<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.0.entry(path)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        Ok(self.0.entries(folder)?.into_iter().rev().collect())
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        self.0.input()
    }

    fn today(&self) -> Date {
        self.0.today()
    }
}

/// Everything that a run gives: the trees, and what people and programs are told.
fn everything(world: &dyn World) -> (Option<Vec<Tree>>, String, String) {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let trees = compile(world, &Request::all(FILE, world.today()), &mut sources, &mut sink);
    let found = sink.into_sorted();
    let told = |format| render(&found, &sources, format, Style::Plain);
    (trees, told(Format::Human), told(Format::Json))
}

/// With components of its own, so that files are listed; one is faulty.
fn with_components(faulty: bool) -> Project {
    let project = platforms::root();
    for name in ["alpha", "beta", "gamma"] {
        let summary = if faulty { "" } else { "summary: A component of one's own\n" };
        let text = format!("component: {name}\nprovides: {{capability: {name}s}}\n{summary}");
        project.world.write(format!("templates/{name}/component.yaml").as_str().into(), text.as_bytes()).unwrap();
    }
    let text = project.world.text(FILE).unwrap() + "alphas: alpha\ngammas: gamma\nbetas: beta\n";
    project.world.write(FILE.into(), text.as_bytes()).unwrap();
    project
}

#[test]
fn every_run_gives_the_same() {
    for project in platforms::all().into_iter().chain([with_components(true), with_components(false)]) {
        let first = everything(&project.world);
        assert!(first == everything(&project.world), "{}", project.path);
    }
}

#[test]
fn the_order_in_which_files_are_listed_does_not_matter() {
    for (project, is_faulty) in [(with_components(false), false), (with_components(true), true)] {
        let first = everything(&project.world);
        assert_eq!(first.0.is_none(), is_faulty, "{}", first.1);
        assert!(first == everything(&Reversed(&project.world)));
    }
}

#[test]
fn the_order_of_services_matters_to_none_of_them() {
    let one = "  one: {namespace: a, image: a:1, port: 80}\n";
    let two = "  two: {namespace: a, image: b:1, port: 81}\n";
    assert_eq!(manifests(&format!("{one}{two}")), manifests(&format!("{two}{one}")));
}

/// The manifests of these services, without the first line: what they share is named after the first of them.
fn manifests(services: &str) -> Vec<(Utf8PathBuf, String)> {
    let project = Project::of(FILE, &format!("name: acme\ndomain: example.com\nservices:\n{services}"));
    let files = everything(&project.world).0.unwrap().into_iter().flat_map(|tree| tree.files);
    let manifests = files.filter(|(path, _)| path.extension() == Some("yaml"));
    manifests.map(|(path, text)| (path, text.split_once('\n').unwrap().1.to_owned())).collect()
}

/// What the program writes in these surroundings, and in no others. The example has templates and objects of its own.
fn written(surroundings: &[(&str, &str)]) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
    command.env_clear().envs(surroundings.iter().copied()).current_dir(repository::root().join("examples/metabase"));
    let ran = command.args(["render", "--out"]).arg(folder.path().join("out")).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
    let paths = disk.files("out".into()).unwrap().into_iter();
    paths.map(|path| (path.clone(), disk.read(&path).unwrap())).collect()
}

#[test]
fn cores_and_surroundings_change_no_byte() {
    let once = written(&[]);
    assert!(once.len() > 20 && once.contains_key(Utf8Path::new("out/.platformc.json")), "{:?}", once.keys());
    let surroundings: [&[(&str, &str)]; 6] = [
        &[("RAYON_NUM_THREADS", "1")],
        &[("RAYON_NUM_THREADS", "16")],
        &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "de_DE.UTF-8"), ("LC_NUMERIC", "de_DE.UTF-8")],
        &[("TZ", "Pacific/Kiritimati")],
        &[("SOURCE_DATE_EPOCH", "4102444800")],
        &[("HOME", "/nowhere"), ("USER", "nobody"), ("HOSTNAME", "elsewhere"), ("COLUMNS", "20"), ("CI", "true")],
    ];
    for surroundings in surroundings {
        assert!(written(surroundings) == once, "{surroundings:?}");
    }
}

#[test]
fn where_the_program_was_built_is_not_in_what_it_writes() {
    let root = repository::root();
    for (path, bytes) in written(&[]) {
        assert!(!String::from_utf8_lossy(&bytes).contains(root.as_str()), "{path}");
    }
}
