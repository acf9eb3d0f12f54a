//! `platformc render --watch`: writes anew whenever something changes that was read.
//!
//! It looks at the time stamps of all that was read, a few times each second: that works on every disk, and a folder of which
//! nothing was read may change as it likes. It ends when it is interrupted, or nobody listens any more.

use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::diff::{self, Report};
use super::render::{Arguments, Run};
use super::{Answer, Exit};
use crate::diagnostic::{Sink, Style};
use crate::diff::Compiled;
use crate::diff::before::{self, Before, Places};
use crate::emit::{Summary, Tree};
use crate::source::Sources;
use crate::world::watched::Answers;
use crate::world::{Disk, Watched, World};

/// Between two looks. What changed is taken up when two of them in a row see the same: an editor may write in pieces.
const PAUSE: Duration = Duration::from_millis(200);

/// Whoever is told of what happens; an error is the end.
type Tell<'t> = &'t mut dyn FnMut(&Answer) -> io::Result<()>;

pub fn run(arguments: &Arguments, style: Style, output: Style) -> Answer {
    let (project, file, out) = arguments.scope.places();
    let watch = Watch { arguments, project: &project, file, place: &Disk::at(""), out: &out, style, output };
    // Whoever listened has gone away.
    let _ = watch.run(&mut super::tell);
    Answer::default()
}

/// What is watched, and where it is written.
pub struct Watch<'a> {
    pub arguments: &'a Arguments,
    pub project: &'a dyn World,
    pub file: &'a Utf8Path,
    pub place: &'a dyn World,
    pub out: &'a Utf8Path,
    pub style: Style,
    pub output: Style,
}

impl Watch<'_> {
    /// Renders and tells, again and again, until it cannot be told.
    pub fn run(&self, tell: Tell) -> io::Result<()> {
        let start = format!("watching {} and all that it reads; Ctrl-C ends it\n", self.arguments.scope.file);
        tell(&Answer { message: start, ..Answer::default() })?;
        loop {
            let watched = Watched::new(self.project, self.own());
            tell(&self.render(&watched))?;
            let message = self.changed(&self.next(&watched));
            tell(&Answer { message, ..Answer::default() })?;
        }
    }

    /// The output, as the world of the input calls it.
    fn own(&self) -> Utf8PathBuf {
        self.out.strip_prefix(self.project.folder()).unwrap_or(self.out).to_owned()
    }

    /// Waits for a change, and for its end.
    fn next(&self, watched: &Watched) -> Answers {
        let mut last = Answers::default();
        loop {
            watched.pause(PAUSE);
            let changes = watched.changes();
            if !changes.is_empty() && changes == last {
                return changes;
            }
            last = changes;
        }
    }

    /// What `render` does and says, and what that changes in the cluster.
    fn render(&self, project: &dyn World) -> Answer {
        let scope = &self.arguments.scope;
        let (mut sources, mut sink) = (Sources::below(project.folder()), Sink::default());
        let new = diff::compiled(project, &scope.request(project, self.file), &mut sources, &mut sink);
        scope.faults.weigh(&mut sink);
        let before = new.as_ref().and_then(|new| self.before(new));
        let done = new.as_ref().and_then(|new| self.emit(new, &mut sink));
        let is_changed = done.is_some_and(|done| done.changed + done.removed > 0);
        let shown = before.zip(new).filter(|_| is_changed).map(|(old, new)| self.diff(project, old, &new));
        sink.drop_idle_notes();
        let run = Run { diagnostics: sink.into_sorted(), sources, done };
        let mut answer = run.answer(self.out, scope.faults.format, self.style);
        answer.output += &shown.unwrap_or_default();
        Answer { exit: Exit::Done, ..answer }
    }

    fn emit(&self, new: &[Compiled], sink: &mut Sink) -> Option<Summary> {
        let trees: Vec<Tree> = new.iter().map(|new| new.tree.clone()).collect();
        self.arguments.emit(self.place, self.out, &trees, sink)
    }

    /// The trees that are there; none on the first run of all.
    fn before(&self, new: &[Compiled]) -> Option<Vec<Tree>> {
        let names: Vec<&str> = new.iter().filter_map(|new| new.tree.environment.as_deref()).collect();
        let places = Places { project: self.project, here: self.place };
        before::trees(&places, Before::Folder(self.out), &names).ok()
    }

    fn diff(&self, project: &dyn World, old: Vec<Tree>, new: &[Compiled]) -> String {
        let request = self.arguments.scope.request(project, self.file);
        let diff = diff::after(project, &request, old, new);
        diff::shown(&diff, Report::Human, self.output, &self.arguments.scope.file)
    }

    /// `changed: platform.yaml, templates`
    fn changed(&self, changes: &Answers) -> String {
        let paths: Vec<String> =
            changes.keys().map(|question| self.project.folder().join(question.path()).to_string()).collect();
        format!("\nchanged: {}\n", paths.join(", "))
    }
}

#[cfg(test)]
mod tests;
