use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Mutex;

use clap::Parser;

use super::*;
use crate::cli::{Cli, Command};
use crate::world::{Date, Entry, Memory};

const API: &str = "name: acme\ndomain: example.com\nservices: {api: {namespace: apps, image: acme/api:1, port: 80}}\n";

/// A folder in which somebody works: a pause is the time in which one file is saved.
struct Edited {
    files: Memory,
    saves: Mutex<VecDeque<(&'static str, String)>>,
}

impl World for Edited {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.files.read(path)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.files.entry(path)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.files.entries(folder)
    }

    fn pause(&self, _: Duration) {
        if let Some((path, text)) = self.saves.lock().unwrap().pop_front() {
            self.files.write(path.into(), text.as_bytes()).unwrap();
        }
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        self.files.input()
    }

    fn today(&self) -> Date {
        self.files.today()
    }
}

/// What is told of `saves` of a file, first message aside, until so much was rendered.
fn told(file: &str, saves: &[(&'static str, String)], renders: usize) -> (Vec<String>, Edited) {
    let world = Edited { files: Memory::with([(file, API)]), saves: Mutex::new(saves.to_vec().into()) };
    let Cli { command: Command::Render(arguments), .. } = Cli::parse_from(["platformc", "render", "--watch"]) else {
        panic!("not rendered");
    };
    let told = RefCell::new(vec![]);
    let plain = Style::Plain;
    let watch = Watch {
        arguments: &arguments,
        project: &world,
        file: file.into(),
        place: &world.files,
        out: "out".into(),
        style: plain,
        output: plain,
    };
    let mut tell = |answer: &Answer| {
        told.borrow_mut().push(answer.message.clone() + &answer.output);
        // The start, then what was rendered and what changed, in turn.
        if told.borrow().len() < 2 * renders { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    };
    watch.run(&mut tell).unwrap_err();
    (told.into_inner().split_off(1), world)
}

fn is_written(world: &Edited, image: &str) -> bool {
    let files = world.files.snapshot();
    files.iter().any(|(path, bytes)| path.starts_with("out") && String::from_utf8_lossy(bytes).contains(image))
}

#[test]
fn each_save_is_rendered_and_its_change_shown() {
    let saves = [("platform.yaml", API.replace("api:1", "api:2"))];
    let (told, world) = told("platform.yaml", &saves, 2);
    let [first, changed, second] = told.as_slice() else { panic!("{told:#?}") };
    assert!(first.starts_with("out/: 1 tree, ") && !first.contains("restarts"), "{first}");
    assert_eq!(changed, "\nchanged: platform.yaml\n");
    assert!(second.contains("acme/api:1 → acme/api:2") && second.contains("restarts pods"), "{second}");
    assert!(is_written(&world, "acme/api:2"));
}

#[test]
fn a_half_saved_file_is_told_and_nothing_written() {
    let half = API.split_once("image").unwrap().0.to_owned();
    let (told, world) = told("platform.yaml", &[("platform.yaml", half)], 2);
    assert!(told[2].contains("error[E0"), "{told:#?}");
    assert!(is_written(&world, "acme/api:1"));
}

#[test]
fn what_is_saved_in_pieces_is_taken_up_at_its_end() {
    let half = API.split_once("image").unwrap().0.to_owned();
    let saves = [("platform.yaml", half), ("platform.yaml", API.replace("api:1", "api:3"))];
    let (told, _) = told("platform.yaml", &saves, 2);
    assert!(told[2].contains("acme/api:3"), "{told:#?}");
}

#[test]
fn a_template_that_comes_is_a_change_and_what_is_not_read_is_none() {
    let saves = [("notes.txt", String::new()), ("templates/queue/component.yaml", "component: [".into())];
    let (told, _) = told("platform.yaml", &saves, 2);
    assert!(told[1].contains("templates"), "{told:#?}");
    assert!(told[2].contains("templates/queue/component.yaml"), "{told:#?}");
}
