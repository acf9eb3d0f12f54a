//! The template of an ExternalSecret asks only for keys that it reads (External Secrets docs, "Advanced Templating").

use crate::diagnostic::{Code, Sink};
use crate::link::fields::{called, field, items};
use crate::link::symbols::Symbols;
use crate::source::Node;
use crate::validate::Object;

pub(super) fn check(symbols: &Symbols, sink: &mut Sink) {
    for object in symbols.of_kind("ExternalSecret.external-secrets.io") {
        one(symbols, object, sink);
    }
}

/// What `dataFrom` brings only the store knows.
fn one(symbols: &Symbols, object: &Object, sink: &mut Sink) {
    let data = field(object.node, &["spec", "target", "template", "data"]).and_then(Node::as_map);
    if field(object.node, &["spec", "dataFrom"]).is_some() {
        return;
    }
    let known: Vec<&str> =
        items(object.node, &["spec", "data"]).iter().filter_map(|entry| entry.get("secretKey")?.as_str()).collect();
    for (key, entry) in data.into_iter().flatten() {
        let asked = entry.node.as_str().map(asked).unwrap_or_default();
        if let Some(unknown) = asked.into_iter().find(|asked| !known.contains(asked)) {
            let message = format!("the template of {} asks for `{unknown}`, which it does not read", called(object));
            let fault = symbols.fault(Code::UnknownSecretKey, message, object, entry.node.span);
            let fault = fault.note(format!("`{key}` is made of it"));
            sink.push(fault.suggest(unknown, known.iter().copied()));
        }
    }
}

/// The keys of a Go template: `{{ .key }}` and `{{ index . "key" }}`, as long as no block changes what the dot means.
fn asked(text: &str) -> Vec<&str> {
    let actions = || text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(action, _)| action);
    if actions().any(|action| {
        ["range", "with", "define"].iter().any(|block| action.trim_start_matches('-').trim().starts_with(block))
    }) {
        return vec![];
    }
    actions().flat_map(|action| dotted(action).chain(indexed(action))).collect()
}

/// `.key`, not behind something of its own: `$x.key` and `(f).key` are other things.
fn dotted(action: &str) -> impl Iterator<Item = &str> {
    let words = action.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.starts_with('"'));
    words.filter_map(|word| word.trim_start_matches('(').strip_prefix('.')).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).filter(|key| !key.is_empty())
    })
}

fn indexed(action: &str) -> impl Iterator<Item = &str> {
    action.split("index . \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn keys_are_found_in_templates() {
        assert_eq!(asked("{{ .user }}:{{ .password | toJson }}"), ["user", "password"]);
        assert_eq!(asked("{{ (index . \"client-id\") | toJson }}{{ \"{{\" }}"), ["client-id"]);
        assert_eq!(asked("{{ printf \".x\" }} .y {{ $a.b }}"), [""; 0]);
        assert_eq!(asked("{{ range .list }}{{ .x }}{{ end }}"), [""; 0]);
    }
}
