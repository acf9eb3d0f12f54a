use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const MANIFESTS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          ports: [{containerPort: 80}, {containerPort: 81, protocol: UDP}]
          env: [{name: A, value: a}, {name: B, value: b}]
        - {name: side, image: side:1}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: a, port: 80}, {name: b, port: 81, protocol: UDP}]}
";

const HELMFILE: &str = "releases: [{name: a, namespace: b, chart: c/d, version: 1.0.0, values: [values/a.yaml]}]\n";

fn files(manifests: &str) -> Files {
    let all =
        [("all.yaml", manifests), ("helmfile.yaml", HELMFILE), ("values/a.yaml", "a: [1, .nan, x]\n"), ("a.md", "")];
    all.into_iter().map(|(path, text)| (path.into(), text.to_owned())).collect()
}

fn between(old: Files, new: Files) -> Diff {
    let tree = |files| Tree { environment: None, files };
    diff(&[tree(old)], &[Compiled { tree: tree(new), ..Compiled::default() }], &Schemas::default())
}

/// The same trees, where keys of maps and items of lists with keys stand in another order.
fn shuffled(manifests: &str, seed: u64) -> String {
    let mut sink = crate::diagnostic::Sink::default();
    let documents = crate::source::read::read(crate::source::FileId(0), manifests, &mut sink);
    let mut turn = seed;
    let texts =
        documents.iter().rev().map(|document| crate::source::write::document(&turned(&document.to_json(), &mut turn)));
    texts.collect::<Vec<_>>().join("---\n")
}

fn turned(json: &serde_json::Value, turn: &mut u64) -> serde_json::Value {
    use serde_json::Value as Json;
    *turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let by = (*turn >> 33) as usize;
    match json {
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), turned(value, turn))).collect();
            let by = by % entries.len().max(1);
            entries.rotate_left(by);
            Json::Object(entries.into_iter().collect())
        }
        Json::Array(list) => {
            let mut list: Vec<Json> = list.iter().map(|item| turned(item, turn)).collect();
            // The peers of a policy have no keys.
            if list.iter().all(|item| item.get("name").is_some() || item.get("containerPort").is_some()) {
                let by = by % list.len().max(1);
                list.rotate_left(by);
            }
            Json::Array(list)
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn another_order_is_no_change(seed in any::<u64>()) {
        let found = between(files(MANIFESTS), files(&shuffled(MANIFESTS, seed)));
        prop_assert!(found.changes.is_empty(), "{:?}", found.changes);
    }

    #[test]
    fn any_bytes_get_an_answer(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), which in 0..3_usize) {
        let broken = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            for (at, byte) in &flips {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut new = files(MANIFESTS);
        let path: &str = ["all.yaml", "helmfile.yaml", "values/a.yaml"][which];
        let text = broken(&new[Utf8Path::new(path)]);
        new.insert(Utf8PathBuf::from(path), text);
        let same = between(new.clone(), new.clone());
        prop_assert!(same.changes.is_empty(), "{:?}", same.changes);
        between(files(MANIFESTS), new.clone());
        between(new, files(MANIFESTS));
    }
}

#[test]
fn nothing_differs_from_itself_even_where_it_is_read() {
    let (one, mut other) = (files(MANIFESTS), files(MANIFESTS));
    for text in other.values_mut() {
        text.push_str("\n\n");
    }
    other.insert("a.md".into(), String::new());
    let found = between(one, other);
    assert!(found.changes.is_empty(), "{:?}", found.changes);
}

#[test]
fn an_object_may_move_to_another_file() {
    let mut moved: BTreeMap<_, _> = files("");
    moved.insert("b.yaml".into(), MANIFESTS.into());
    assert!(between(files(MANIFESTS), moved).changes.is_empty());
}
