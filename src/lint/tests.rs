//! What is found in files and folders, and what is left alone.

use clap::Parser;

use super::Tally;
use crate::cli::{Cli, Command, lint};
use crate::diagnostic::Severity;
use crate::world::Memory;

const WEB: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {a: b}
";

/// Faults as `E0502 message`, warnings as `W0502 message`, and how much was looked at.
fn lint(world: &Memory, arguments: &str) -> (Vec<String>, Tally) {
    let words = ["platformc", "lint"].into_iter().chain(arguments.split_whitespace());
    let Command::Lint(arguments) = Cli::try_parse_from(words).unwrap().command else { unreachable!() };
    let (run, tally) = lint::check(world, &arguments);
    let told = run.diagnostics.iter().map(|fault| {
        let letter = if fault.severity == Severity::Error { 'E' } else { 'W' };
        format!("{letter}{} {}", &fault.code.as_str()[1..], fault.message)
    });
    (told.collect(), tally)
}

fn files<const N: usize>(files: [(&str, &str); N]) -> Memory {
    Memory::with(files)
}

/// What is found in one file of a folder, and how much was looked at.
fn one(text: &str) -> (Vec<String>, Tally) {
    lint(&files([("m/web.yaml", WEB), ("m/x.yaml", text)]), "m")
}

#[test]
fn what_no_cluster_holds_is_left_alone_in_a_folder() {
    let others = [
        "image: nginx\nreplicas: 2\n",
        "on: [push]\njobs: {a: {steps: [{run: make}]}}\n",
        "services: {web: {image: nginx}}\n",
        "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: x}\n",
        "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nname: x\n",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
        "apiVersion: skaffold/v4beta11\nkind: Config\nmetadata: {name: x}\n",
        "apiVersion: v1\nkind: Config\nclusters: []\n",
        "- a\n- b\n",
        "just text\n",
        "a: !vault |\n  $ANSIBLE\nb: [\n",
        "",
        "# nothing\n---\n",
        "%TAG ! x\n}{\n",
    ];
    for text in others {
        let (found, tally) = one(text);
        assert_eq!(found, [""; 0], "{text}");
        assert_eq!(tally, Tally { files: 1, objects: 1, others: 1, templates: 0 }, "{text}");
    }
}

#[test]
fn what_was_meant_for_a_cluster_is_not() {
    let meant = [
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n bad: 1\n", "E0102"),
        ("apiVersion: v1\nkind: Secret\ndata: {}\n", "E0503"),
        ("apiVersion: apps/v1\nKind: Deployment\nmetadata: {name: x}\nspec: {}\n", "E0503"),
        ("kind: Deployment\nmetadata: {name: x}\nspec: {}\n", "E0503"),
        ("apiVersion: app/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {}\n", "E0502"),
        ("apiVersion: v1\nkind: Podd\nmetadata: {name: x}\n", "E0502"),
        ("apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: x}\n", "E0502"),
    ];
    for (text, code) in meant {
        let (found, tally) = one(text);
        assert_eq!(found.iter().map(|fault| &fault[..5]).collect::<Vec<_>>(), [code], "{text}{found:?}");
        assert_eq!((tally.files, tally.others), (2, 0), "{text}");
    }
}

#[test]
fn a_file_that_is_named_must_hold_an_object() {
    for (text, message) in [
        ("replicas: 2\n", "E0506 `x.yaml` holds no Kubernetes object"),
        ("", "E0506 `x.yaml` holds no Kubernetes object"),
        ("a: {{ .Values.a }}\n", "E0506 `x.yaml` is a template, not a manifest"),
        ("a: [\n", "E0102 this bracket is never closed"),
    ] {
        assert_eq!(lint(&files([("x.yaml", text)]), "x.yaml").0, [message], "{text}");
    }
}

#[test]
fn paths_that_are_not_there_and_folders_without_objects_are_faults() {
    assert_eq!(lint(&files([]), "m").0, ["E0101 `m` is not there"]);
    let (found, tally) = lint(&files([("m/values.yaml", "a: 1\n"), ("m/README.md", "x")]), "m");
    assert_eq!(found, ["E0506 there is no Kubernetes object in `m`"]);
    assert_eq!(tally, Tally { others: 1, ..Tally::default() });
}

#[test]
fn templates_of_charts_are_counted_and_left_alone() {
    let world = files([
        ("m/chart/Chart.yaml", "apiVersion: v2\nname: x\n"),
        ("m/chart/templates/a.yaml", WEB),
        ("m/chart/templates/b.yaml", "{{- if .Values.b }}\nkind: x\n{{ end }}\n"),
        ("m/chart/crds/c.yaml", WEB),
        ("m/other/d.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-x\n"),
        ("m/other/e.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x-{{name}}\n"),
        ("m/.git/f.yaml", WEB),
    ]);
    let (found, tally) = lint(&world, "m");
    assert_eq!(found, [""; 0]);
    assert_eq!(tally, Tally { files: 1, objects: 1, others: 1, templates: 4 });
}

#[test]
fn lists_and_documents_are_objects_each() {
    let text = "\
# Source: chart/templates/a.yaml
---
null
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - {apiVersion: v1, kind: ConfigMapList, items: [{metadata: {name: b}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
dat: {}
---
";
    let (found, tally) = lint(&files([("x.yaml", text)]), "x.yaml");
    assert_eq!(found, ["E0503 ConfigMap c: `dat`: the field is not known here"]);
    assert_eq!(tally, Tally { files: 1, objects: 3, others: 0, templates: 0 });
}

#[test]
fn json_and_standard_input_are_taken() {
    let json = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"a\"}\n}";
    let world = files([("m/a.json", json)]).given(WEB.replace("ConfigMap", "ConfigMapp"));
    let (found, tally) = lint(&world, "m -");
    assert!(found[0].starts_with("E0502 no `v1/ConfigMapp`"), "{found:?}");
    assert_eq!(tally.objects, 2);
}

#[test]
fn names_may_be_made_by_the_api_server() {
    let job = "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x-}\n";
    let twice = format!("{job}---\n{job}");
    assert_eq!(one(&twice).0, [""; 0]);
    let (found, _) = one("apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: X-}\n");
    assert!(found[0].starts_with("E0504"), "{found:?}");
}

#[test]
fn an_unknown_kind_of_a_crd_is_told_once() {
    let foo = "apiVersion: a.example.com/v1\nkind: Foo\nmetadata: {name: x}\n---\n";
    let text = format!("{foo}{}", foo.replace("name: x", "name: z"));
    let (found, _) = one(&text);
    assert!(matches!(&found[..], [one] if one.starts_with("W0502 no `a.example.com/v1/Foo`")), "{found:?}");
    let (found, _) = lint(&files([("x.yaml", &text)]), "x.yaml --unknown-kinds error");
    assert!(matches!(&found[..], [one] if one.starts_with("E0502")), "{found:?}");
}

const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.a.example.com}
spec:
  group: a.example.com
  names: {plural: foos, kind: Foo}
  scope: Cluster
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer}}}}}
";

#[test]
fn crds_are_known_where_they_are_given_or_lie_among_the_manifests() {
    let foo = "apiVersion: a.example.com/v1\nkind: Foo\nmetadata: {name: x}\nsize: big\n";
    let expected = ["E0503 Foo.a.example.com x: `size`: expected integer, found `big`"];
    let world = files([("m/crd.yaml", CRD), ("m/x.yaml", foo), ("crds/foo.yaml", CRD), ("crds/README.yaml", "a: 1\n")]);
    assert_eq!(lint(&world, "m").0, expected);
    assert_eq!(lint(&world, "m/x.yaml --schemas crds").0, expected);
    assert_eq!(lint(&world, "m/x.yaml --schemas m/x.yaml").0[1], "E0506 there is no CRD in `m/x.yaml`");
    assert_eq!(lint(&world, "m/x.yaml --schemas nowhere").0[1], "E0101 `nowhere` is not there");
}

#[test]
fn versions_and_what_is_outside_are_checked() {
    let world = files([
        ("x.yaml", WEB),
        ("external.yaml", "namespaces: [shop]\nstorageClases: [fast]\n"),
        ("good.yaml", "namespaces: [shop]\n"),
    ]);
    assert_eq!(lint(&world, "x.yaml --kubernetes 1.36,1.53").0, ["E0209 Kubernetes 1.53 is not known"]);
    assert_eq!(lint(&world, "x.yaml --external external.yaml").0, ["E0201 unknown key `storageClases`"]);
    assert_eq!(lint(&world, "x.yaml --external good.yaml").0, ["E0602 ConfigMap web says no namespace"]);
}

const KUSTOMIZATION: &str = "\
resources: [web.yaml]
namespace: shop
commonLabels: {app: web}
patches: [{path: patch.yaml}]
configMapGenerator:
  - {name: settings, literals: [a=b], envs: [.env]}
";

#[test]
fn a_kustomization_completes_what_it_lists() {
    let deployment = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
          env:
            - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
            - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}
            - {name: C, valueFrom: {configMapKeyRef: {name: settings, key: lost}}}
";
    let world = files([
        ("m/kustomization.yaml", KUSTOMIZATION),
        ("m/web.yaml", deployment),
        ("m/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n"),
        ("m/.env", "# so\nLEVEL=info\n"),
    ]);
    let (found, tally) = lint(&world, "m");
    assert!(matches!(&found[..], [one] if one.contains("`lost`") && one.contains("shop/web")), "{found:?}");
    assert_eq!((tally.files, tally.others), (2, 2));
}

#[test]
fn folders_that_hold_the_same_object_are_deployments_of_their_own() {
    let deployment = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  \
             template:\n    metadata: {{labels: {{app: web}}}}\n    spec: {{containers: [{{name: web, image: a:1}}]}}\n"
        )
    };
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";
    let (one, two) = (deployment("one"), deployment("two"));
    let apart = files([
        ("m/base/service.yaml", service),
        ("m/a/one.yaml", &one),
        ("m/a/config.yaml", WEB),
        ("m/b/two.yaml", &two),
        ("m/b/config.yaml", WEB),
    ]);
    assert_eq!(lint(&apart, "m").0, [""; 0]);
    let together = files([("m/service.yaml", service), ("m/a/one.yaml", &one), ("m/b/two.yaml", &two)]);
    assert!(lint(&together, "m").0[0].contains("0613"), "{:?}", lint(&together, "m").0);
}

#[test]
fn what_something_fills_in_later_is_a_warning() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: \"${TYPE}\", ports: [{port: 80}]}\n";
    let (found, _) = one(text);
    assert!(matches!(&found[..], [one] if one.starts_with("W0503")), "{found:?}");
}
