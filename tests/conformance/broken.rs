//! Broken objects: what the API server refuses, `platformc lint` refuses; so it does with what kubeconform and kubectl-validate
//! refuse. Sound objects: nobody refuses them.
//!
//! An object is a file of `broken/`; its first line says its class and what is wrong. A class is a case.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use platformc::resolve::input::KUBERNETES;
use rayon::prelude::*;
use serde_json::Value;

use crate::posts::Posts;
use crate::published::{Published, Refused};
use crate::report::Report;
use crate::server::Server;
use crate::trees::files_below;
use crate::{Bench, Failed, process, root};

pub const NEEDS: &[&str] = &["etcd", "kube-apiserver", "kubectl", "kubeconform", "kubectl-validate"];

/// Who looks, in the order of the table.
const JUDGES: [&str; 4] = ["kube-apiserver", "platformc", "kubeconform", "kubectl-validate"];

/// What each judge refuses.
struct Verdicts([Refused; 4]);

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let server = Server::start(bench, "broken")?;
    let posts = Posts::to(&server)?;
    let versions: Vec<&str> = KUBERNETES.iter().rev().take(3).copied().collect();
    let published: Vec<Published> =
        versions.par_iter().map(|version| Published::of(bench, version)).collect::<Result<_, _>>()?;
    let sound = files_below(&root().join("tests/conformance/sound"))?;
    let broken = files_below(&root().join("tests/conformance/broken"))?;
    // Most of what some judges do is to read their schemas.
    let verdicts = Verdicts::of(bench, &posts, &published, &[&sound[..], &broken].concat())?;
    report.case("sound", || Ok(verdicts.refused_although_sound(&sound)));
    let classes = classes(&broken)?;
    for (class, files) in &classes {
        report.case(class, || Ok(files.iter().filter_map(|file| verdicts.disagree(file)).collect()));
    }
    report.note(&verdicts.table(&classes));
    Ok(())
}

impl Verdicts {
    fn of(bench: &Bench, posts: &Posts, published: &[Published], files: &[Utf8PathBuf]) -> Result<Self, Failed> {
        let mut others = [Refused::new(), Refused::new()];
        for of_version in published {
            others[0].extend(of_version.kubeconform(files)?);
            others[1].extend(of_version.kubectl_validate(files)?);
        }
        let [kubeconform, kubectl_validate] = others;
        Ok(Self([by_server(posts, files)?, by_us(bench, files)?, kubeconform, kubectl_validate]))
    }

    /// In what a broken object is judged differently.
    fn disagree(&self, file: &Utf8PathBuf) -> Option<String> {
        let [server, ours, others @ ..] = &self.0;
        let name = file.file_stem().unwrap_or_default();
        let other = others.iter().zip(&JUDGES[2..]).find_map(|(other, judge)| Some((other.get(file)?, judge)));
        match (server.get(file), ours.get(file), other) {
            (None, ..) => Some(format!("{name}: the API server takes it: it is not broken")),
            (Some(why), None, None) => Some(format!("{name}: the API server refuses it, platformc does not: {why}")),
            (Some(_), None, Some((why, judge))) => {
                Some(format!("{name}: {judge} refuses it, platformc does not: {why}"))
            }
            _ => None,
        }
    }

    fn refused_although_sound(&self, sound: &[Utf8PathBuf]) -> Vec<String> {
        let all = self.0.iter().zip(JUDGES).flat_map(|(refused, judge)| refused.iter().map(move |one| (judge, one)));
        let all = all.filter(|(_, (file, _))| sound.contains(file));
        all.map(|(judge, (file, why))| format!("{}: {judge} refuses it: {why}", file.file_stem().unwrap_or_default()))
            .collect()
    }

    /// How many of each class each judge refuses.
    fn table(&self, classes: &BTreeMap<String, Vec<Utf8PathBuf>>) -> String {
        let mut lines =
            vec![format!("{:<28}{:>8}{}", "class", "objects", JUDGES.map(|judge| format!("{judge:>18}")).concat())];
        let all: Vec<Utf8PathBuf> = classes.values().flatten().cloned().collect();
        let total = ("all".to_owned(), all);
        for (class, files) in classes.iter().chain([(&total.0, &total.1)]) {
            let counts =
                self.0.each_ref().map(|refused| files.iter().filter(|file| refused.contains_key(*file)).count());
            lines.push(format!("{class:<28}{:>8}{}", files.len(), counts.map(|count| format!("{count:>18}")).concat()));
        }
        lines.join("\n")
    }
}

fn by_server(posts: &Posts, files: &[Utf8PathBuf]) -> Result<Refused, Failed> {
    let mut all = Refused::new();
    for file in files {
        if let Some(why) = posts.refused(&std::fs::read_to_string(file)?)? {
            all.insert(file.clone(), why);
        }
    }
    Ok(all)
}

fn by_us(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Refused, Failed> {
    let judged = files.par_iter().map(|file| {
        let mut command = bench.programs.command(env!("CARGO_BIN_EXE_platformc"))?;
        let said = process::run(command.args(["lint", "--unknown-kinds", "error", "--format", "json"]).arg(file))?;
        Ok((!said.succeeded).then(|| (file.clone(), first_error(&said.out))))
    });
    let judged: Vec<Option<(Utf8PathBuf, String)>> = judged.collect::<Result<_, Failed>>()?;
    Ok(judged.into_iter().flatten().collect())
}

fn first_error(report: &str) -> String {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let faults = report["diagnostics"].as_array().into_iter().flatten();
    let error = faults.filter(|fault| fault["severity"] == "error").find_map(|fault| fault["message"].as_str());
    error.unwrap_or_default().to_owned()
}

/// The files of each class: the first line is `# class: what is wrong`.
fn classes(files: &[Utf8PathBuf]) -> Result<BTreeMap<String, Vec<Utf8PathBuf>>, Failed> {
    let mut classes: BTreeMap<String, Vec<Utf8PathBuf>> = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        let said = text.lines().next().and_then(|line| line.strip_prefix("# ")?.split_once(": "));
        let is_of_rules = file.file_name().is_some_and(|name| name.starts_with("cel-"));
        let class = if is_of_rules { "CEL" } else { said.ok_or_else(|| format!("{file} does not say its class"))?.0 };
        classes.entry(class.to_owned()).or_default().push(file.clone());
    }
    Ok(classes)
}
