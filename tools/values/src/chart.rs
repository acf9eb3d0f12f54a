//! An unpacked chart with the charts in it.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::lexer::actions;
use crate::uses::Uses;
use crate::walk::{Actions, Defines, Value, Walker, split};

#[derive(Debug, Default)]
pub struct Chart {
    pub name: String,
    pub version: String,
    /// The defaults: its own over those of the charts in it.
    pub values: Json,
    pub own_schema: Option<Json>,
    /// What its templates do with the values, those of the charts in it included.
    pub uses: Uses,
}

/// A chart before its templates are walked: those of all charts in a chart may include one another.
struct Unwalked {
    chart: Chart,
    files: Vec<Actions>,
    defines: Defines,
    libraries: Defines,
    /// The charts in it, by the key under which their values stand.
    inner: Vec<(String, Unwalked)>,
}

impl Chart {
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut unwalked = Unwalked::read(folder)?;
        let defines = unwalked.all_defines();
        Ok(unwalked.walked(&defines))
    }
}

impl Unwalked {
    fn read(folder: &Path) -> Result<Self, String> {
        let description = yaml(&folder.join("Chart.yaml"))?;
        let word = |key: &str| description.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let chart = Chart {
            name: word("name"),
            version: word("version"),
            values: Json::Object(Map::new()),
            own_schema: json(&folder.join("values.schema.json"))?,
            uses: Uses::default(),
        };
        let mut unwalked = Self { chart, files: vec![], defines: Defines::new(), libraries: Defines::new(), inner: vec![] };
        for dependency in description.get("dependencies").and_then(Json::as_array).into_iter().flatten() {
            unwalked.depend(folder, dependency)?;
        }
        let own = if folder.join("values.yaml").exists() { yaml(&folder.join("values.yaml"))? } else { Json::Null };
        lay(&mut unwalked.chart.values, own);
        for text in templates(&folder.join("templates"))? {
            let left = split(actions(&text), &mut unwalked.defines);
            unwalked.files.push(left);
        }
        Ok(unwalked)
    }

    /// A chart in it: its values stand under its name, those of `global` are shared by all.
    fn depend(&mut self, folder: &Path, dependency: &Json) -> Result<(), String> {
        let word = |key: &str| dependency.get(key).and_then(Json::as_str);
        for condition in word("condition").unwrap_or_default().split(',').filter(|condition| !condition.is_empty()) {
            self.chart.uses.read(&condition.trim().split('.').map(str::to_owned).collect());
        }
        let Some(name) = word("name") else { return Ok(()) };
        let alias = word("alias").unwrap_or(name);
        let place = folder.join("charts").join(name);
        if !place.exists() {
            // Its values are not known, so anything may stand there.
            self.chart.uses.hand_on(&vec![alias.to_owned()]);
            return Ok(());
        }
        let inner = Self::read(&place)?;
        if yaml(&place.join("Chart.yaml"))?.get("type").and_then(Json::as_str) == Some("library") {
            self.libraries.extend(inner.all_defines());
            return Ok(());
        }
        lay(&mut self.chart.values, Json::Object(Map::from_iter([(alias.to_owned(), inner.chart.values.clone())])));
        self.chart.uses.hand_on(&vec![alias.to_owned(), "global".to_owned()]);
        self.inner.push((alias.to_owned(), inner));
        Ok(())
    }

    fn all_defines(&self) -> Defines {
        let mut all: Defines = self.inner.iter().flat_map(|(_, inner)| inner.all_defines()).collect();
        all.extend(self.libraries.clone());
        all.extend(self.defines.clone());
        all
    }

    fn walked(&mut self, defines: &Defines) -> Chart {
        let mut walker = Walker::new(defines);
        self.files.iter().for_each(|actions| walker.walk(actions, Value::Root));
        walker.walk_the_rest(&self.defines);
        let mut chart = std::mem::replace(&mut self.chart, Chart::default());
        chart.uses.extend(walker.uses, &[]);
        for (alias, inner) in &mut self.inner {
            chart.uses.extend(inner.walked(defines).uses, &[alias.clone()]);
        }
        chart
    }
}

/// Maps by key, everything else replaced whole.
fn lay(below: &mut Json, above: Json) {
    match (below, above) {
        (_, Json::Null) => {}
        (Json::Object(below), Json::Object(above)) => {
            above.into_iter().for_each(|(key, value)| lay(below.entry(key).or_insert(Json::Null), value));
        }
        (below, above) => *below = above,
    }
}

fn templates(folder: &Path) -> Result<Vec<String>, String> {
    let mut texts = vec![];
    let mut entries: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(_) => return Ok(texts),
    };
    entries.sort();
    for path in entries {
        if path.is_dir() {
            texts.extend(templates(&path)?);
        } else if path.extension().is_some_and(|ending| ["yaml", "yml", "tpl", "txt"].iter().any(|known| ending == *known)) {
            texts.push(read(&path)?);
        }
    }
    Ok(texts)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn yaml(path: &Path) -> Result<Json, String> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    value.apply_merge().map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::to_value(value).map_err(|error| format!("{}: {error}", path.display()))
}

fn json(path: &Path) -> Result<Option<Json>, String> {
    match path.exists() {
        true => serde_json::from_str(&read(path)?).map(Some).map_err(|error| format!("{}: {error}", path.display())),
        false => Ok(None),
    }
}
