//! Texts for people: columns, lines, trees on one line.

use crate::source::scalar::scalar;
use crate::source::{Entry, Node, Value};

/// As wide as a table may be.
const WIDTH: usize = 100;

/// The last column is never narrower, however wide the others are.
const NARROWEST: usize = 30;

/// Rows in aligned columns, each indented by `indent`; what is too long in the last column goes on below itself.
pub fn columns<const N: usize>(indent: usize, rows: &[[String; N]]) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    });
    rows.iter().map(|row| line(indent, row, &widths)).collect()
}

fn line<const N: usize>(indent: usize, row: &[String; N], widths: &[usize; N]) -> String {
    let Some((last, before)) = row.split_last() else { return "\n".into() };
    let mut line = " ".repeat(indent);
    for (cell, width) in before.iter().zip(widths).filter(|(_, width)| **width > 0) {
        line += &format!("{cell:<width$}  ");
    }
    let column = line.chars().count();
    let mut parts = wrapped(last, WIDTH.saturating_sub(column).max(NARROWEST)).into_iter();
    line += &parts.next().unwrap_or_default();
    let further = parts.map(|part| format!("{}{part}\n", " ".repeat(column)));
    format!("{}\n{}", line.trim_end(), further.collect::<String>())
}

/// Lines of at most `width` characters, broken at blanks.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A tree on one line, as people say it: without the quotes that YAML may want.
pub fn flow(node: &Node) -> String {
    on_one_line(node, &|text| text.trim().replace('\n', " "))
}

/// A tree on one line, as YAML.
pub fn yaml(node: &Node) -> String {
    on_one_line(node, &|text| scalar(text).into_owned())
}

fn on_one_line(node: &Node, text: &dyn Fn(&str) -> String) -> String {
    match &node.value {
        Value::Null => "null".into(),
        Value::Text(said) => text(said),
        Value::List(list) => {
            let items: Vec<String> = list.iter().map(|item| on_one_line(item, text)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entry = |(key, entry): (&String, &Entry)| format!("{}: {}", text(key), on_one_line(&entry.node, text));
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        _ => node.written.as_deref().map_or_else(|| node.to_json().to_string(), str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_long_texts_below_themselves() {
        let long = "word ".repeat(20);
        let rows = [["a".into(), "".into(), "b".into()], ["long name".into(), "".into(), long]];
        let lines = columns(2, &rows);
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.first(), Some(&"  a          b"));
        assert_eq!(lines.len(), 3);
        assert!(lines[1].chars().count() <= WIDTH && lines[2].starts_with("             word"), "{lines:?}");
    }
}
