//! From an unpacked chart to the schema of its values: which keys it has, of which types, and which maps are free.
//!
//! Three sources, each of which knows what the others do not: the chart's `values.yaml` (keys, and types by their defaults), its
//! templates (keys that are read and have no default; maps that are handed on whole, so that anything may stand in them), and its
//! own `values.schema.json`, where it has one (Helm holds to it, so its types count).
//! No prose is taken over.

mod chart;
mod derive;
mod lexer;
mod own;
mod parse;
mod uses;
mod walk;
mod write;

pub use chart::Chart;

use serde_json::{Map, Value as Json};

/// The keys from the root of the values to one of them.
pub type Path = Vec<String>;

/// What cannot be learned from the chart.
#[derive(Debug, Default)]
pub struct Wishes {
    /// Dotted paths below which nothing strict can be said.
    pub open: Vec<String>,
    /// Whether to mark what the defaults name and no template reads: true only of a chart that is there in full.
    pub unread: bool,
}

/// The schema as it is committed.
pub fn text(chart: &Chart, wishes: &Wishes) -> String {
    let mut schema = derive::schema(chart, wishes);
    if let Some(own) = &chart.own_schema {
        schema = own::merged(schema, own);
    }
    let comment = format!("Keys and types of the chart {} {}, written by tools/values.", chart.name, chart.version);
    let mut whole = Map::from_iter([
        ("$schema".to_owned(), Json::from("https://json-schema.org/draft/2020-12/schema")),
        ("$comment".to_owned(), Json::from(comment)),
        ("$defs".to_owned(), derive::definitions()),
    ]);
    whole.extend(schema.as_object().cloned().unwrap_or_default());
    write::text(&Json::Object(whole))
}
