use clap::Parser;

use super::*;
use crate::cli::{Cli, Command, Exit};
use crate::component::Catalog;
use crate::diagnostic::{Severity, Sink};
use crate::source::Sources;
use crate::world::Memory;
use crate::{Request, compile};

const FILE: &str = "platform.yaml";

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: acme/web:1
          ports: [{containerPort: 80}]
          env:
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: web, key: token}}}
            - {name: USER, valueFrom: {secretKeyRef: {name: web, key: user}}}
";
const CLAIM: &str = "\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
";

fn init(world: &Memory, line: &str) -> Answer {
    let words = ["platformc", "init"].into_iter().chain(line.split_whitespace());
    let Command::Init(arguments) = Cli::try_parse_from(words).unwrap().command else { unreachable!() };
    answer(world, Utf8Path::new(FILE), &arguments, Style::Plain).unwrap_or_else(Answer::failed)
}

/// The errors of a platform.yaml.
fn errors(world: &Memory) -> Vec<String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    compile(world, &Request::all(FILE, world.today()), &mut sources, &mut sink);
    let errors = sink.iter().filter(|fault| fault.severity == Severity::Error);
    errors.map(|fault| format!("{}: {}", fault.code, fault.message)).collect()
}

/// With every choice that stands in a comment.
fn uncommented(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(said) if !said.starts_with(' ') || said.starts_with("  ") => format!("{said}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn what_is_written_compiles_as_it_is() {
    let world = Memory::default();
    let answer = init(&world, "--name shop --domain shop.example.com");
    assert_eq!(
        (answer.message.as_str(), answer.exit),
        ("platform.yaml: written\nnext: platformc render\n", Exit::Done)
    );
    assert_eq!(errors(&world), [""; 0]);
    let text = world.text(FILE).unwrap();
    assert!(text.contains("\nname: shop\n") && text.contains("\ndomain: shop.example.com\n"), "{text}");
    assert!(!text.contains("DOMAIN") && !text.contains("NAME/"), "{text}");
}

#[test]
fn every_choice_in_a_comment_compiles_too() {
    let world = Memory::default();
    init(&world, "");
    let text = uncommented(&world.text(FILE).unwrap());
    let world = Memory::with([(FILE, text.as_str())]);
    assert_eq!(errors(&world), [""; 0], "{text}");
    let capabilities = Catalog::load(&world, &mut Sources::default(), &mut Sink::default()).capabilities;
    for capability in capabilities.keys() {
        assert!(text.lines().any(|line| line.starts_with(&format!("{capability}:"))), "{capability} is not in\n{text}");
    }
}

#[test]
fn lines_are_no_longer_than_a_screen_is_wide() {
    let world = Memory::default();
    init(&world, "");
    let text = world.text(FILE).unwrap();
    let long = text.lines().find(|line| line.chars().count() > 130);
    assert_eq!(long, None);
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let world = Memory::with([(FILE, "mine")]);
    for line in ["", "--from k8s"] {
        let answer = init(&world, line);
        let expected = "`platform.yaml` is there already; nothing is written";
        assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    }
    assert_eq!(world.text(FILE).unwrap(), "mine");
}

#[test]
fn a_name_that_cannot_be_one_is_told() {
    let world = Memory::default();
    for line in ["--name Shop", "--domain not_a_domain"] {
        let answer = init(&world, line);
        assert!(answer.exit == Exit::Failed && answer.message.starts_with("--"), "{}", answer.message);
    }
    assert!(world.snapshot().is_empty());
}

#[test]
fn manifests_are_taken_over_with_what_they_reference() {
    let world = Memory::with([("k8s/web.yaml", WEB), ("k8s/deep/claim.yml", CLAIM), ("k8s/README.md", "")]);
    let answer = init(&world, "--from ./k8s/");
    let expected = "platform.yaml: written\n2 files, 2 objects taken over\nnext: platformc render\n";
    assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Done));
    assert_eq!(errors(&world), [""; 0]);
    let text = world.text(FILE).unwrap();
    let expected = "\
external:
  namespaces:
    - shop
  secrets:
    shop/web:
      - token
      - user
  serviceAccounts:
    - shop/web
  storageClasses:
    - fast
";
    assert!(text.contains("\nmanifests:\n  - k8s/**\n") && text.ends_with(expected), "{text}");
}

#[test]
fn what_is_no_manifest_is_left_out_and_told() {
    let files = [
        ("k8s/web.yaml", WEB),
        ("k8s/claim.json", "{}"),
        ("k8s/values.yaml", "a: 1\n"),
        ("k8s/kustomization.yaml", "resources: [web.yaml]\n"),
        ("k8s/chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
        ("k8s/chart/templates/a.yaml", "{{ a }}\n"),
    ];
    let world = Memory::with(files);
    let answer = init(&world, "--from k8s");
    assert_eq!(errors(&world), [""; 0]);
    let text = world.text(FILE).unwrap();
    assert!(text.contains("\nmanifests:\n  - k8s/web.yaml\n#"), "{text}");
    for (path, _) in files.iter().skip(1) {
        assert!(answer.message.contains(&format!("left out: {path}: ")), "{}", answer.message);
        assert!(text.contains(&format!("# not among them: {path}: ")), "{text}");
    }
}

#[test]
fn hidden_files_are_named_one_by_one() {
    let world = Memory::with([("k8s/web.yaml", WEB), ("k8s/.deep/claim.yaml", CLAIM)]);
    assert_eq!(init(&world, "--from k8s").exit, Exit::Done);
    let text = world.text(FILE).unwrap();
    assert!(text.contains("\nmanifests:\n  - k8s/.deep/claim.yaml\n  - k8s/web.yaml\n"), "{text}");
}

#[test]
fn many_faults_are_told_in_a_line_each() {
    let claims: Vec<String> =
        (0..12).map(|at| CLAIM.replace("name: data, namespace: shop", &format!("name: data-{at}"))).collect();
    let world = Memory::with([("k8s/claims.yaml", claims.join("---\n"))]);
    let message = init(&world, "--from k8s").message;
    let told = message.lines().filter(|line| line.starts_with("k8s/claims.yaml:") && line.contains("error[E0602]"));
    assert_eq!(told.count(), 12, "{message}");
}

#[test]
fn what_render_will_not_take_is_told_and_the_file_is_written() {
    let world = Memory::with([("k8s/web.yaml", WEB.replace("containerPort: 80", "containerPort: http"))]);
    let answer = init(&world, "--from k8s");
    assert_eq!(answer.exit, Exit::Faults);
    assert!(answer.message.contains("--> k8s/web.yaml:"), "{}", answer.message);
    assert!(answer.message.ends_with("mend this, then: platformc render\n"), "{}", answer.message);
    assert!(world.text(FILE).is_some());
}

#[test]
fn a_folder_that_cannot_be_taken_over_is_told_and_nothing_is_written() {
    let world = Memory::with([("k8s/values.yaml", "a: 1\n"), ("out/web.yaml", WEB)]);
    for (line, expected) in [
        ("--from nowhere", "`nowhere` is not there; nothing is written"),
        ("--from k8s", "there is no Kubernetes object in `k8s`; nothing is written"),
        ("--from out", "`out/` is a folder with a meaning of its own: put the manifests into another"),
        ("--from ../k8s", "`../k8s` is not below the folder of platform.yaml, and only what is can be taken over"),
        ("--from .", "`.` is the folder of platform.yaml itself: put the manifests into one beside it"),
    ] {
        let answer = init(&world, line);
        assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    }
    assert_eq!(world.text(FILE), None);
}
