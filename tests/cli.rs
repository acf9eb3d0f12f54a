//! The program as people run it.

#![allow(clippy::disallowed_types, clippy::unwrap_used, reason = "these tests start the program")]

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use platformc::world::{Disk, World};
use serde_json::Value as Json;
use tempfile::TempDir;

const GOOD: &str = "name: acme\ndomain: example.com\nservices: {api: {namespace: apps, image: acme/api:1, port: 80}}\n";
const FAULTY: &str = "name: acme\ndomian: example.com\n";
/// A component of which one is warned.
const WARNING: &str = "component: old\nprovides: {capability: olds}\nsummary: Something old\n\
    constraints: {age: {require: false, message: it is old, severity: warning}}\n";

fn platformc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    answer(platformc(arguments).output().unwrap())
}

fn answer(output: Output) -> (i32, String, String) {
    let Output { status, stdout, stderr } = output;
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A folder with files, in which the program is run.
struct Project {
    folder: TempDir,
}

impl Project {
    fn with(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    /// With a warning in it.
    fn warned() -> Self {
        let platform = format!("{GOOD}olds: old\n");
        Self::with(&[("platform.yaml", &platform), ("templates/old/component.yaml", WARNING)])
    }

    fn disk(&self) -> Disk {
        Disk::at(Utf8Path::from_path(self.folder.path()).unwrap())
    }

    fn write(&self, path: &str, text: &str) {
        self.disk().write(path.into(), text.as_bytes()).unwrap();
    }

    fn files(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        let disk = self.disk();
        let files = disk.files("".into()).unwrap().into_iter();
        files.map(|path| (path.clone(), disk.read(&path).unwrap())).collect()
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        answer(platformc(arguments).current_dir(&self.folder).output().unwrap())
    }
}

#[test]
fn help_is_output_and_shows_examples() {
    for command in ["", "init", "render", "reach", "components", "explain", "schema", "completions", "man"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let (exit, output, message) = run(&arguments);
        assert_eq!((exit, message.as_str()), (0, ""));
        assert!(output.contains(&format!("\nExamples:\n  platformc {command}")), "{output}");
    }
}

#[test]
fn a_wrong_command_line_is_2_and_says_what_was_meant() {
    let (exit, output, message) = run(&["rendr"]);
    assert_eq!((exit, output.as_str()), (2, ""));
    assert!(message.contains("'render'"), "{message}");
    assert_eq!(run(&[]).0, 2);
    assert_eq!(run(&["render", "--format", "xml"]).0, 2);
    for command in ["lint", "completions", "verify-chart"] {
        let (exit, _, message) = run(&[command]);
        assert_eq!(exit, 2);
        assert!(message.contains("\nExamples:\n"), "{message}");
    }
}

#[test]
fn a_page_is_output_however_its_code_is_written() {
    let (exit, output, message) = run(&["explain", "E0201"]);
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.starts_with("# E0201: "), "{output}");
    assert_eq!(run(&["explain", "e0201"]), (0, output, message));
}

#[test]
fn an_unknown_code_is_2() {
    let (exit, output, message) = run(&["explain", "E9999"]);
    assert_eq!((exit, output.as_str()), (2, ""));
    assert!(message.starts_with("error: there is no code `E9999`"), "{message}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    for arguments in
        [&["explain"][..], &["schema", "--stdout"], &["components"], &["completions", "zsh"], &["man"], &["--help"]]
    {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = platformc(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn faults_that_nobody_reads_are_still_1() {
    let project = Project::with(&[("platform.yaml", FAULTY)]);
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let status = platformc(&["render"]).current_dir(&project.folder).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_platform_without_faults_is_0_and_written() {
    let project = Project::with(&[("platform.yaml", GOOD)]);
    let (exit, output, message) = project.run(&["render"]);
    assert_eq!((exit, output.as_str()), (0, ""));
    assert!(message.starts_with("out/: 1 tree, "), "{message}");
    assert!(project.files().contains_key(Utf8Path::new("out/kubernetes/apps/api.yaml")));
    let (_, _, message) = project.run(&["render"]);
    assert!(message.ends_with("nothing changed\n"), "{message}");
}

#[test]
fn faults_are_1_and_change_nothing() {
    let project = Project::with(&[("platform.yaml", GOOD)]);
    project.run(&["render"]);
    project.write("platform.yaml", FAULTY);
    let before = project.files();
    let (exit, output, message) = project.run(&["render"]);
    assert_eq!((exit, output.as_str()), (1, ""));
    assert!(message.contains("error[E0201]: ") && message.contains("--> platform.yaml:2:1"), "{message}");
    assert!(project.files() == before);
}

#[test]
fn warnings_are_0_and_1_where_they_are_denied() {
    let project = Project::warned();
    let (exit, _, message) = project.run(&["render", "--deny", "warnings"]);
    assert_eq!(exit, 1);
    assert!(message.contains("error[W0302]: it is old") && message.contains("warnings are denied"), "{message}");
    assert_eq!(project.files().len(), 2, "nothing is written");
    let (exit, _, message) = project.run(&["render"]);
    assert_eq!(exit, 0);
    assert!(message.contains("warning[W0302]: it is old"), "{message}");
}

#[test]
fn json_is_one_document_on_standard_output() {
    let faulty = Project::with(&[("platform.yaml", FAULTY)]);
    for (project, exit, code) in [(faulty, 1, Some("E0201")), (Project::with(&[("platform.yaml", GOOD)]), 0, None)] {
        let answer = project.run(&["render", "--format", "json"]);
        assert_eq!(answer.0, exit);
        let document: Json = serde_json::from_str(&answer.1).unwrap();
        let codes: Vec<_> = document["diagnostics"].as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
        assert!(code.is_none_or(|code| codes.contains(&&Json::from(code))), "{codes:?}");
        assert_eq!(codes.is_empty(), code.is_none(), "{codes:?}");
    }
}

const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";

#[test]
fn lint_tells_faults_and_how_much_it_looked_at() {
    let project = Project::with(&[("m/web.yaml", SERVICE), ("m/values.yaml", "a: 1\n")]);
    let (exit, output, message) = project.run(&["lint", "m"]);
    assert_eq!((exit, output.as_str()), (0, ""));
    assert!(message.contains("warning[E0612]: "), "{message}");
    assert!(message.ends_with("\n1 file checked, 1 object; 1 file holds no Kubernetes object\n"), "{message}");
    assert_eq!(project.run(&["lint", "m", "--deny", "warnings"]).0, 1);
    assert_eq!(project.run(&["lint", "nowhere"]).0, 1);
    assert_eq!(project.run(&["lint"]).0, 2);
}

#[test]
fn lint_reads_standard_input() {
    let mut child = platformc(&["lint", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let text = SERVICE.replace("port: 80", "prot: 80");
    io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let (exit, _, message) = answer(child.wait_with_output().unwrap());
    assert_eq!(exit, 1);
    assert!(message.contains("--> <stdin>:4:"), "{message}");
}

#[test]
fn formats_for_programs_are_on_standard_output() {
    let project = Project::with(&[("web.yaml", SERVICE)]);
    let output = |format| {
        let (_, output, message) = project.run(&["lint", "web.yaml", "--format", format]);
        assert_eq!(message, "1 file checked, 1 object\n");
        output
    };
    assert!(output("short").starts_with("web.yaml:4:"));
    assert!(output("github").starts_with("::warning file=web.yaml,line=4,"));
    for format in ["json", "sarif"] {
        assert!(serde_json::from_str::<Json>(&output(format)).is_ok());
    }
    let faulty = Project::with(&[("platform.yaml", FAULTY)]);
    assert!(faulty.run(&["render", "--format", "short"]).1.starts_with("platform.yaml:2:1: error[E0201]: "));
}

#[test]
fn a_file_that_is_not_there_is_1_and_nothing_is_written() {
    let project = Project::with(&[]);
    let (exit, output, _) = project.run(&["render", "--format", "json"]);
    let document: Json = serde_json::from_str(&output).unwrap();
    assert_eq!((exit, &document["diagnostics"][0]["code"]), (1, &Json::from("E0101")));
    assert!(project.files().is_empty());
}

#[test]
fn out_lies_beside_the_file_or_where_it_is_asked_for() {
    let project = Project::with(&[("deep/platform.yaml", GOOD)]);
    assert_eq!(project.run(&["render", "--file", "deep/platform.yaml"]).0, 0);
    assert_eq!(project.run(&["render", "--file", "deep/platform.yaml", "--out", "there/tree"]).0, 0);
    let [beside, asked_for] = ["deep/out", "there/tree"].map(|folder| {
        let files = project.files().into_iter().filter(|(path, _)| path.starts_with(folder));
        files.map(|(_, text)| text).collect::<Vec<_>>()
    });
    assert!(!beside.is_empty() && beside == asked_for);
}

#[test]
fn an_example_is_compiled_with_the_templates_that_it_lies_in() {
    let project = Project::warned();
    let example = "templates/old/examples/shown.yaml";
    project.write(example, &format!("{GOOD}olds: old\n"));
    let (exit, _, message) = project.run(&["render", "--file", example, "--out", "shown", "--format", "short"]);
    assert!(exit == 0 && message.contains("shown/: 1 tree"), "{message}");
}

#[test]
fn a_pipe_or_a_folder_in_place_of_a_file_is_a_fault() {
    let project = Project::with(&[("folder/platform.yaml/file", "")]);
    let pipe = project.folder.path().join("platform.yaml");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    assert!(project.run(&["render"]).2.contains("it is a pipe or a device"));
    assert!(project.run(&["render", "--file", "folder/platform.yaml"]).2.contains("is a folder"));
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let project = Project::with(&[("platform.yaml", FAULTY)]);
    assert!(!project.run(&["render"]).2.contains('\u{1b}'));
    assert!(project.run(&["render", "--color", "always"]).2.contains('\u{1b}'));
}

#[test]
fn schemas_are_written_where_one_stands() {
    let project = Project::warned();
    let (exit, _, message) = project.run(&["schema"]);
    assert_eq!((exit, message.lines().count()), (0, 2), "{message}");
    let text = String::from_utf8(project.files()[Utf8Path::new("schemas/platform.schema.json")].clone()).unwrap();
    let schema: Json = serde_json::from_str(&text).unwrap();
    assert!(schema["properties"]["olds"].is_object(), "a component of one's own is in it");
}

#[test]
fn reach_is_0_for_yes_and_1_for_no() {
    let project = Project::with(&[("platform.yaml", GOOD)]);
    let (exit, output, message) = project.run(&["reach", "api", "kube-system/dns"]);
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.starts_with("yes: api reaches kube-system/dns\n"), "{output}");
    let (exit, output, _) = project.run(&["reach", "api", "internet"]);
    assert_eq!(exit, 1);
    assert!(output.starts_with("no: api does not reach internet\n"), "{output}");
    assert_eq!(project.run(&["reach", "apis", "internet"]).0, 2);
    assert_eq!(project.files().len(), 1, "nothing is written");
}

#[test]
fn a_fresh_folder_is_two_commands_away_from_its_first_tree() {
    let project = Project::with(&[]);
    let (exit, output, message) = project.run(&["init", "--name", "shop", "--domain", "shop.example.com"]);
    assert_eq!((exit, output.as_str()), (0, ""));
    assert_eq!(message, "platform.yaml: written\nnext: platformc render\n");
    let (exit, _, message) = project.run(&["render"]);
    assert_eq!(exit, 0, "{message}");
    let before = project.files();
    let (exit, _, message) = project.run(&["init"]);
    assert_eq!((exit, message.as_str()), (2, "error: `platform.yaml` is there already; nothing is written\n"));
    assert!(project.files() == before);
}

#[test]
fn manifests_that_are_there_are_taken_over_and_rendered_byte_for_byte() {
    let project = Project::with(&[(
        "k8s/web.yaml",
        &SERVICE.replace("selector: {app: web}, ", "").replace("{name: web}", "{name: web, namespace: shop}"),
    )]);
    let (exit, _, message) = project.run(&["init", "--from", "k8s"]);
    assert_eq!(exit, 0, "{message}");
    let (exit, _, message) = project.run(&["render"]);
    assert_eq!(exit, 0, "{message}");
    let files = project.files();
    assert_eq!(files[Utf8Path::new("out/manifests/k8s/web.yaml")], files[Utf8Path::new("k8s/web.yaml")]);
}

#[test]
fn explain_says_where_a_value_comes_from() {
    let platform =
        GOOD.replace("port: 80", "port: 80, route: api") + "environments: {dev: {domain: dev.example.com}, prod: {}}\n";
    let project = Project::with(&[("deep/platform.yaml", &platform)]);
    let explain = |path: &str| project.run(&["explain", path, "--file", "deep/platform.yaml"]);
    let (exit, output, message) = explain("domain");
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.contains("\ndev:\n  dev.example.com\n  deep/platform.yaml:4:30, environments.dev\n"), "{output}");
    assert!(output.contains("\nprod:\n  example.com\n  deep/platform.yaml:2:9\n"), "{output}");
    let (_, output, _) = explain("services.api.route.host");
    assert!(output.contains("\ndev, prod:\n  api\n") && output.contains("short for `host: api`"), "{output}");
    let (_, output, _) = explain("services['api'].route.path");
    assert!(output.contains("component.yaml:") && output.contains("default of service"), "{output}");
    let (exit, output, message) = explain("services.api.rout");
    assert_eq!((exit, output.as_str()), (2, ""));
    assert!(message.contains("did you mean `services.api.route`?"), "{message}");
}

#[test]
fn components_of_ones_own_are_listed() {
    let project = Project::warned();
    let (exit, output, message) = project.run(&["components"]);
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.contains("Something old"), "{output}");
    let (_, output, _) = project.run(&["components", "old", "--format", "json"]);
    let json: Json = serde_json::from_str(&output).unwrap();
    assert_eq!(json["capability"], "olds");
    assert_eq!(project.run(&["components", "young"]).0, 2);
}

#[test]
fn every_page_of_the_manual_is_written() {
    let project = Project::with(&[]);
    let (exit, _, message) = project.run(&["man", "--out", "man"]);
    assert_eq!(exit, 0);
    assert!(message.contains("man/platformc-lint.1: written\n"), "{message}");
    assert_eq!(project.files().len(), message.lines().count());
}

#[test]
fn what_is_watched_is_rendered_until_nobody_listens() {
    let project = Project::with(&[("platform.yaml", GOOD)]);
    let (reader, writer) = io::pipe().unwrap();
    let both = [writer.try_clone().unwrap(), writer];
    let [output, errors] = both;
    let mut watching = platformc(&["render", "--watch"]);
    let mut child = watching.current_dir(&project.folder).stdout(output).stderr(errors).spawn().unwrap();
    // Its own ends of the pipe would keep it open.
    drop(watching);
    let mut lines = io::BufReader::new(reader).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.ends_with("9 changed")));
    project.write("platform.yaml", &GOOD.replace("api:1", "api:2"));
    assert!(lines.any(|line| line == "changed: platform.yaml"));
    assert!(lines.any(|line| line.contains("acme/api:1 → acme/api:2")));
    drop(lines);
    project.write("platform.yaml", FAULTY);
    assert!(child.wait().unwrap().success());
}

#[test]
fn files_are_called_by_the_way_to_them_and_built_in_ones_by_their_own() {
    let project = Project::with(&[("deploy/platform.yaml", FAULTY)]);
    let run = |command: &str| project.run(&[command, "--file", "deploy/platform.yaml", "--format", "short"]);
    for command in ["render", "check"] {
        let (exit, output, _) = run(command);
        assert_eq!(exit, 1);
        assert!(output.starts_with("deploy/platform.yaml:2:1: error[E0201]: unknown key `domian`"), "{output}");
    }
    project.write("deploy/platform.yaml", &format!("{GOOD}manifests: [a.yaml]\ningress: ingress-nginx\n"));
    project.write("deploy/a.yaml", "kind: [");
    assert!(run("render").1.contains("deploy/a.yaml:1:7: error[E0"), "{:?}", run("render"));
    project.write("deploy/a.yaml", "");
    let (exit, output, message) = run("render");
    assert_eq!((exit, message.starts_with("deploy/out/: 1 tree, ")), (0, true), "{message}");
    assert!(!output.contains("deploy/templates"), "{output}");
    project.write("deploy/out/QUICK_START.md", "mine\n");
    assert!(run("check").1.contains("`deploy/out/QUICK_START.md` was changed"), "{:?}", run("check"));
}

#[test]
fn manifests_are_written_where_they_lie_below_the_file_from_wherever_it_is_rendered() {
    let project = Project::with(&[("deploy/platform.yaml", &format!("{GOOD}manifests: [manifests/**, b.yaml]\n"))]);
    let object = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: apps}}\n");
    project.write("deploy/manifests/a.yaml", &object("a"));
    project.write("deploy/b.yaml", &object("b"));
    let (exit, output, _) = project.run(&["render", "--file", "deploy/platform.yaml"]);
    assert_eq!(exit, 0, "{output}");
    let listed = project.files().remove(Utf8Path::new("deploy/out/kustomization.yaml")).unwrap();
    let listed = String::from_utf8(listed).unwrap();
    assert!(listed.contains("- manifests/a.yaml\n") && listed.contains("- manifests/b.yaml\n"), "{listed}");
}
