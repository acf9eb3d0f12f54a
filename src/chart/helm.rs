//! Helm: what a chart says of itself, and what it renders.
//!
//! Takes a chart as a folder or an archive; gives what `helm template` prints. Faults: E0803 (helm is not there, or cannot
//! render the chart), E0804 (it is another chart). It reads no file of the chart itself.

use std::io;

use camino::Utf8Path;

use super::uses::Use;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::write::document;
use crate::source::{FileId, Node, Span, read::read};
use crate::world::World;

const PROGRAM: &str = "helm";

/// A chart, and where helm runs.
pub struct Helm<'w> {
    pub world: &'w dyn World,
    pub chart: &'w Utf8Path,
    /// Where the component describes its chart.
    pub place: Span,
}

/// What a chart says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub name: String,
    pub version: String,
}

impl Helm<'_> {
    pub fn describe(&self) -> Result<Described, Diagnostic> {
        let what = format!("helm cannot read the chart `{}`", self.chart);
        let expected = |fault: Diagnostic| match fault.notes.is_empty() {
            true => fault,
            false => fault.help("a chart is a folder with a Chart.yaml, or an archive that `helm pull` fetches"),
        };
        let text = self.run(&["show", "chart", self.chart.as_str()], "", &what).map_err(expected)?;
        let said = read(FileId(0), &text, &mut Default::default()).into_iter().next();
        let field = |key: &str| said.as_ref()?.get(key).and_then(Node::as_str).map(str::to_owned);
        match (field("name"), field("version")) {
            (Some(name), Some(version)) => Ok(Described { name, version }),
            _ => Err(self.fault(format!("`{}` is no chart: it does not say its name and version", self.chart))),
        }
    }

    /// The values that the chart itself sets; none where they are no YAML.
    pub fn defaults(&self) -> Result<Option<Node>, Diagnostic> {
        let what = format!("helm cannot read the values of the chart `{}`", self.chart);
        let text = self.run(&["show", "values", self.chart.as_str()], "", &what)?;
        Ok(read(FileId(0), &text, &mut Default::default()).into_iter().next())
    }

    /// The manifests of one use, on a version of Kubernetes.
    pub fn render(&self, used: &Use, kubernetes: &str) -> Result<String, Diagnostic> {
        let what = format!("helm cannot render the chart with the values of `{}`", used.name);
        let version = format!("{kubernetes}.0");
        let claims = &used.claims;
        let arguments = [
            "template",
            &claims.release,
            self.chart.as_str(),
            "--namespace",
            &claims.namespace,
            "--include-crds",
            "--skip-tests",
            "--kube-version",
            &version,
            "--values",
            "-",
        ];
        let values = if used.values.is_null() { String::new() } else { document(&used.values) };
        self.run(&arguments, &values, &what)
    }

    fn run(&self, arguments: &[&str], input: &str, what: &str) -> Result<String, Diagnostic> {
        let ran = self.world.run(PROGRAM, arguments, input.as_bytes()).map_err(|error| self.not_run(&error))?;
        let output = String::from_utf8(ran.output).ok();
        match output.filter(|_| ran.succeeded) {
            Some(output) => Ok(output),
            None => Err(self.refused(what, &String::from_utf8_lossy(&ran.errors))),
        }
    }

    pub fn fault(&self, message: String) -> Diagnostic {
        Diagnostic::new(Code::ChartNotRendered, message).at(self.place, "")
    }

    fn not_run(&self, error: &io::Error) -> Diagnostic {
        let fault = self.fault(format!("cannot run `{PROGRAM}`: {error}"));
        fault.help("charts are rendered by Helm (3 or 4): install it, and see that `helm version` works")
    }

    /// What helm itself says is the best that is known.
    fn refused(&self, what: &str, errors: &str) -> Diagnostic {
        let lines = errors.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with("level="));
        let fault = lines.fold(self.fault(what.to_owned()), |fault, line| fault.note(line));
        if errors.contains("missing in charts/ directory") {
            fault.help(format!("fetch what it depends on: `helm dependency build {}`", self.chart))
        } else if errors.contains("specifications of the schema") {
            fault.help("the chart's values.schema.json does not take what the component's values file sets")
        } else {
            fault
        }
    }
}

/// It is not the chart that the component describes.
pub fn another(described: &Described, name: &str, place: Span) -> Option<Diagnostic> {
    (described.name != name).then(|| {
        let message = format!("this is the chart `{}`, and the component describes `{name}`", described.name);
        Diagnostic::new(Code::AnotherChart, message).at(place, "")
    })
}

/// It is the chart in another version.
pub fn another_version(described: &Described, version: &str, place: Span) -> Option<Diagnostic> {
    (described.version != version).then(|| {
        let message =
            format!("this is version {} of the chart, and the component describes {version}", described.version);
        Diagnostic::new(Code::AnotherVersion, message).at(place, "")
    })
}
