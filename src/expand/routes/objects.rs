//! The objects of one host in one namespace: its Ingresses, written as the ingress's component says, and its Certificate.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::super::files::Derived;
use super::super::identity::platform_origin;
use super::super::plan::{Instance, Origin, PlannedFile};
use super::{Served, dashed, tls_secret};
use crate::resolve::Platform;

/// How the ingress's component writes routes.
pub struct Style {
    kind: String,
    class: Json,
    /// Whether a rewrite makes every path of its host a regular expression.
    pub whole_host: bool,
    path_type: String,
    path_suffix: String,
    root_path: String,
    annotations: Map<String, Json>,
    target_annotation: String,
    target_suffix: String,
}

impl Style {
    pub fn of(ingress: &Instance) -> Self {
        let rewrite = ingress.exported_value("rewrite");
        let target = &rewrite["target"];
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        Self {
            kind: text(ingress.exported_value("kind")).to_lowercase(),
            class: ingress.exported_value("class").clone(),
            whole_host: rewrite["wholeHost"] == json!(true),
            path_type: text(&rewrite["pathType"]),
            path_suffix: text(&rewrite["pathSuffix"]),
            root_path: text(&rewrite["rootPath"]),
            annotations: rewrite["annotations"].as_object().cloned().unwrap_or_default(),
            target_annotation: text(&target["annotation"]),
            target_suffix: text(&target["suffix"]),
        }
    }

    fn annotations(&self, rewrite: Option<&str>, regular: bool) -> Json {
        let mut annotations = if regular { self.annotations.clone() } else { Map::new() };
        if let Some(rewrite) = rewrite {
            let target = format!("{}{}", rewrite.trim_end_matches('/'), self.target_suffix);
            annotations.insert(self.target_annotation.clone(), json!(target));
        }
        if annotations.is_empty() { Json::Null } else { Json::Object(annotations) }
    }

    fn path(&self, route: &Served, regular: bool) -> Json {
        let trimmed = route.path().trim_end_matches('/');
        let (path, kind) = match (regular, trimmed) {
            (false, "") => ("/".to_owned(), "Prefix"),
            (false, path) => (path.to_owned(), "Prefix"),
            (true, "") => (self.root_path.clone(), self.path_type.as_str()),
            (true, path) => (format!("{}{}", escaped(path), self.path_suffix), self.path_type.as_str()),
        };
        json!({ "path": path, "type": kind, "service": route.service, "port": route.port, "rewrite": route.rewrite() })
    }
}

/// A path as a regular expression that matches it alone.
fn escaped(path: &str) -> String {
    // A dash means nothing outside of brackets.
    regex::escape(path).replace("\\-", "-")
}

/// The routes of one host that lie in one namespace.
pub struct Host<'r, 'a> {
    pub platform: &'r Platform,
    pub name: &'r str,
    pub namespace: &'r str,
    pub routes: &'r [&'r Served<'a>],
    /// Whether TLS ends here.
    pub tls: bool,
}

impl<'r, 'a> Host<'r, 'a> {
    /// One object for the plain paths of the host, and one for each target of a rewrite.
    pub fn ingresses(&self, style: &Style) -> Vec<PlannedFile> {
        let regular = style.whole_host && self.routes.iter().any(|route| route.rewrite().is_some());
        let mut groups: IndexMap<Option<&str>, Vec<&Served>> = IndexMap::new();
        for route in self.routes {
            groups.entry(route.rewrite()).or_default().push(route);
        }
        let mut names: BTreeSet<String> = BTreeSet::new();
        let ingress = |(rewrite, routes): (Option<&str>, Vec<&Served<'a>>)| {
            let name = self.free_name(rewrite.and(routes.first()).map(|route| route.path()), &names);
            names.insert(name.clone());
            self.ingress(style, &name, rewrite, &routes, regular)
        };
        groups.into_iter().map(ingress).collect()
    }

    /// The host's name, for a rewrite with the path's first word; with the whole path where another has that name.
    fn free_name(&self, path: Option<&str>, taken: &BTreeSet<String>) -> String {
        let host = dashed(self.name);
        let Some(path) = path else { return host };
        let words = words(path);
        let short = format!("{host}-{}", words.first().map_or("root", String::as_str));
        if taken.contains(&short) { format!("{host}-{}", words.join("-")) } else { short }
    }

    fn ingress(
        &self,
        style: &Style,
        name: &str,
        rewrite: Option<&str>,
        routes: &[&Served],
        regular: bool,
    ) -> PlannedFile {
        let paths: Vec<Json> = routes.iter().map(|route| style.path(route, regular)).collect();
        let facts = json!({
            "class": style.class, "host": self.name, "paths": paths, "tls": self.tls.then(|| tls_secret(self.name)),
            "annotations": style.annotations(rewrite, regular),
        });
        self.object(&style.kind, "kubernetes/ingress", name, routes, facts)
    }

    /// `at_once`: whether its Secret must be there before the authority answers.
    pub fn certificate(&self, certificates: &Instance, at_once: bool) -> PlannedFile {
        let issuer = certificates.exported_value("issuer");
        let facts =
            json!({ "secret": tls_secret(self.name), "hosts": [self.name], "issuer": issuer, "atOnce": at_once });
        self.object("certificate", "security/certificates", &dashed(self.name), self.routes, facts)
    }

    fn object(&self, kind: &str, folder: &str, name: &str, routes: &[&Served], facts: Json) -> PlannedFile {
        let derived = Derived {
            platform: self.platform,
            kind,
            folder,
            file: format!("{}-{name}", self.namespace),
            name,
            namespace: Some(self.namespace),
            of: routes.first().map_or("", |route| route.of),
        };
        derived.file(facts, joined(routes))
    }
}

/// The words of a path as names of Kubernetes may hold them: `/v1/User_data` → `v1`, `user-data`.
pub(super) fn words(path: &str) -> Vec<String> {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let named = |word: &str| word.chars().map(letter).collect::<String>().trim_matches('-').to_owned();
    path.split('/').map(named).filter(|word| !word.is_empty()).collect()
}

/// Who asked for something that several routes share.
pub(super) fn joined(routes: &[&Served]) -> Origin {
    let mut origins = routes.iter().map(|route| route.origin());
    let mut origin = origins.next().cloned().unwrap_or_else(platform_origin);
    origins.for_each(|other| origin.join(other));
    origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_path_are_names() {
        assert_eq!(words("/v1.2/User_data//~x/"), ["v1-2", "user-data", "x"]);
        assert_eq!(words("/~"), Vec::<String>::new());
    }
}
