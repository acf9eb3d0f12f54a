//! The value in platform.yaml that an expression reads, of a template or of an entry in component.yaml.
//!
//! Looked for only where there is a fault to tell. What a loop goes through is not followed: what it wrote is looked for among
//! what the user wrote. Where several options meet none of them is to blame.

use minijinja::Environment;

use super::plan::Origin;
use crate::diagnostic::Sink;
use crate::source::{Node, NodePath, Span, read};

/// The one option of the user's in a piece of text: a whole line, or the inside of `{{ … }}`.
pub fn option_in(piece: &str, origin: &Origin, input: &Node) -> Option<Span> {
    let instance = NodePath::read(&origin.instance)?;
    let inside: Vec<&str> = match piece.split_once("{{") {
        None => vec![piece],
        Some((_, rest)) => rest.split("{{").filter_map(|rest| Some(rest.split_once("}}")?.0)).collect(),
    };
    let options = inside.into_iter().flat_map(options).map(|path| instance.join(&path));
    let mut written: Vec<Span> = options.filter_map(|path| place(&path, input)).collect();
    written.sort();
    written.dedup();
    match written[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// The one key or value of the user's that reads like a scalar which a line of a template wrote from no option by name.
pub fn text_in(written: &str, line: &str, origin: &Origin, input: &Node) -> Option<Span> {
    if !line.contains("{{") || line.contains("options.") {
        return None;
    }
    let scalar = read::read(input.span.file, written, &mut Sink::default()).into_iter().next()?;
    let mut alike = vec![];
    find(input.at(&NodePath::read(&origin.instance)?)?, scalar.as_str()?, &mut alike);
    match alike[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn find(node: &Node, text: &str, alike: &mut Vec<Span>) {
    alike.extend((node.as_str() == Some(text)).then_some(node.span));
    for (key, entry) in node.as_map().into_iter().flatten() {
        alike.extend((key == text).then_some(entry.key));
        find(&entry.node, text, alike);
    }
    node.as_list().unwrap_or_default().iter().for_each(|item| find(item, text, alike));
}

/// `size` of `options.size ~ "Gi"`.
fn options(expression: &str) -> Vec<NodePath> {
    let environment = Environment::empty();
    let Ok(compiled) = environment.compile_expression(expression.trim_matches(['-', '+', ' '])) else { return vec![] };
    let read = compiled.undeclared_variables(true);
    read.iter()
        .filter_map(|path| NodePath::dotted(path).below("options"))
        .filter(|path| !path.steps().is_empty())
        .collect()
}

/// Where it is written: a scalar itself, a map or list by its key. None where it is a default.
fn place(path: &NodePath, input: &Node) -> Option<Span> {
    let node = input.at(path)?;
    let is_scalar = node.as_map().is_none() && node.as_list().is_none();
    Some(if is_scalar { node.span } else { input.nearest(path) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    const INPUT: &str = "queue:\n  size: 3\n  labels: {team: data, tier: data}\nother: [team]\n";

    fn asked(find: impl FnOnce(&Origin, &Node) -> Option<Span>) -> Option<&'static str> {
        let input = read::read(FileId(0), INPUT, &mut Sink::default()).remove(0);
        let origin = Origin { instance: "queue".into(), asked: vec![], declared: None, by_user: true };
        find(&origin, &input).map(|span| &INPUT[span.range()])
    }

    fn option(piece: &str) -> Option<&'static str> {
        asked(|origin, input| option_in(piece, origin, input))
    }

    #[test]
    fn what_a_loop_wrote_is_the_one_text_that_reads_so() {
        let said = |written, line| asked(|origin, input| text_in(written, line, origin, input));
        assert_eq!(said("\"team\"", "- {{ key }}"), Some("team"));
        assert_eq!(said("data", "- {{ value }}"), None, "stands there twice");
        assert_eq!(said("3", "- {{ value }}"), None, "numbers are too many");
        assert_eq!(said("team", "- team"), None, "the template itself says it");
        assert_eq!(said("team", "- {{ options.size }}"), None, "an option's default");
    }

    #[test]
    fn the_one_option_of_a_line_is_found() {
        assert_eq!(option("  size: {{ options.size ~ \"Gi\" }} # {{ name }}"), Some("3"));
        assert_eq!(option("options.size + \"Gi\""), Some("3"));
        assert_eq!(option("  labels: {{- options.labels | yaml }}"), Some("labels"));
        assert_eq!(option("  team: {{ options.labels.team }}"), Some("data"));
    }

    #[test]
    fn several_options_defaults_and_other_names_are_nobodys() {
        for piece in
            ["{{ options.size ~ options.labels.team }}", "{{ options.other }}", "{{ release }}", "{{ ( }}", "{{"]
        {
            assert_eq!(option(piece), None, "{piece}");
        }
    }
}
