//! The tables of `docs/components-expressions.md`: each expression gives what is said, each wrong one that error, and the template
//! writes what is shown.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::Serde;
use platformc::component::Catalog;
use platformc::component::expression::Filter;
use platformc::diagnostic::Sink;
use platformc::expand::expand;
use platformc::render::Templates;
use platformc::source::Sources;
use platformc::world::{Memory, World};
use serde_json::{Value as Json, json};

use crate::markdown::{Block, blocks};
use crate::platforms::Project;
use crate::repository;

const PAGE: &str = "docs/components-expressions.md";
const COMPONENT: &str = "templates/show/component.yaml";

#[test]
fn every_expression_gives_what_is_said() {
    let rows = rows("| expression | gives |");
    let project = Project::of("show", "name: acme\ndomain: example.com\nshow: show\n");
    project.world.write(COMPONENT.into(), component(rows.iter().map(|(text, _)| text.as_str())).as_bytes()).unwrap();
    let mut given = Json::Null;
    project.each_environment(|platform, catalog, _, _| {
        let plan = expand(platform, catalog, &mut Sink::default());
        given = json!(plan.instances[0].exports.values);
    });
    for (at, (text, gives)) in rows.iter().enumerate() {
        let expected: Json = serde_json::from_str(gives).unwrap();
        assert_eq!(given[format!("row{at}")], expected, "{text}");
    }
}

#[test]
fn every_wrong_expression_is_that_error() {
    for (text, message) in rows("| wrong | the error says |") {
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let world = Memory::with([(COMPONENT, component([text.as_str()].into_iter()))]);
        Catalog::load(&world, &mut sources, &mut sink);
        let told: Vec<String> = sink.iter().map(|fault| fault.message.clone()).collect();
        assert_eq!(told, [message], "{text}");
    }
}

#[test]
fn every_filter_is_named() {
    let page = repository::text(PAGE);
    let line = page.lines().find(|line| line.starts_with("These are all filters")).unwrap();
    let named: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, Filter::names().collect::<Vec<_>>());
}

#[test]
fn the_template_writes_what_is_shown() {
    let [values, template, written] = [("`none`,", "yaml"), ("this template", "jinja"), ("writes", "yaml")]
        .map(|(before, language)| block(|block| block.before.ends_with(before) && block.language == language));
    let mut sink = Sink::default();
    let mut sources = Sources::default();
    let file = sources.add("show.yaml.j2", template.text.as_str());
    let templates = Templates::new([("show.yaml.j2".to_owned(), file, template.text.as_str())], &mut sink);
    let mut context: Json = serde_yaml::from_str(&values.text).unwrap();
    context["absent"] = Json::Null;
    let page = templates.render("show.yaml.j2", Value::from(Serde(context)));
    assert_eq!(page.unwrap_or_else(|fault| panic!("{fault:?}")).text, written.text);
}

/// A component with the options of the page, which exports what the expressions give.
fn component<'t>(expressions: impl Iterator<Item = &'t str>) -> String {
    let options = block(|block| block.before == "The examples use these options:").text.replace('\n', "\n  ");
    let mut text = format!("component: show\nprovides: {{capability: show}}\nsummary: Shows\noptions:\n  {options}\n");
    text += "exports:\n  values:\n";
    for (at, expression) in expressions.enumerate() {
        let _ = writeln!(text, "    row{at}: {}", json!(format!("{{{{ {expression} }}}}")));
    }
    text
}

/// The rows of a table, without code marks and escapes.
fn rows(head: &str) -> Vec<(String, String)> {
    let page = repository::text(PAGE);
    let (_, table) = page.split_once(head).unwrap();
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let (text, gives) = line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
        let code = gives.strip_prefix('`').and_then(|gives| gives.strip_suffix('`'));
        let code = code.filter(|code| !code.contains('`')).unwrap_or(gives);
        Some((text.replace("\\|", "|"), code.to_owned()))
    };
    let rows: Vec<(String, String)> = lines.map(|line| row(line).unwrap_or_else(|| panic!("{line}"))).collect();
    assert!(!rows.is_empty());
    rows
}

fn block(is_it: impl Fn(&Block) -> bool) -> Block {
    blocks(&repository::text(PAGE)).into_iter().find(is_it).unwrap()
}
