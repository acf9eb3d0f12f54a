//! The value in platform.yaml that an expression reads, of a template or of an entry in component.yaml.
//!
//! Looked for only where there is a fault to tell. What a loop goes through is not followed, and where several options meet
//! none of them is to blame.

use minijinja::Environment;

use super::plan::Origin;
use crate::source::{Node, NodePath, Span};

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
    use crate::diagnostic::Sink;
    use crate::source::{FileId, read};

    const INPUT: &str = "queue:\n  size: 3\n  labels: {team: data}\n";

    fn option(piece: &str) -> Option<&'static str> {
        let input = read::read(FileId(0), INPUT, &mut Sink::default()).remove(0);
        let origin = Origin { instance: "queue".into(), asked: vec![], declared: None, by_user: true };
        option_in(piece, &origin, &input).map(|span| &INPUT[span.range()])
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
