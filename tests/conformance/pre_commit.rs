//! pre-commit: the hooks of `.pre-commit-hooks.yaml`, installed and run by the real `pre-commit` in a scratch repository.

use std::process::Command;

use camino::Utf8Path;

use crate::process::{Said, must, run};
use crate::report::Report;
use crate::{Bench, Failed, root};

/// The golden platform that the scratch repository holds.
const PLATFORM: &str = "tests/golden/services";
/// The hooks, by their ids.
const RENDER: &str = "platformc";
const CHECK: &str = "platformc-check";
/// The file of that platform that is looked at, and broken.
const FILE: &str = "out/helmfile.yaml";

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let hooks = bench.folder("hooks")?;
    let revision = repository_of_the_tool(&hooks)?;
    let user = bench.folder("hook-user")?;
    repository_of_a_user(&user, |id| format!("repos: [{{repo: {hooks}, rev: {revision}, hooks: [{{id: {id}}}]}}]\n"))?;
    report.case("a fresh tree passes", || Ok(hook(bench, &user, RENDER)?.findings()));
    report.case("a stale tree fails, and is written anew", || stale(bench, &user));
    report.case("what was written anew passes", || Ok(hook(bench, &user, RENDER)?.findings()));
    report.case("a faulty input fails at its line", || faulty(bench, &user));
    report.case("check: a fresh tree passes", || Ok(hook(bench, &user, CHECK)?.findings()));
    report.case("check: a stale tree fails", || found_stale(bench, &user));
    report.case("check: a file that was edited fails", || found_edited(bench, &user));
    report.case("check: a file that is missing fails", || found_missing(bench, &user));
    Ok(())
}

/// What is in the working tree now, committed: `pre-commit` clones.
fn repository_of_the_tool(folder: &Utf8Path) -> Result<String, Failed> {
    let mut list = Command::new("git");
    let listed = must(list.current_dir(root()).args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    for file in listed.lines().filter(|file| root().join(file).is_file()) {
        copy(&root().join(file), &folder.join(file))?;
    }
    commit(folder)
}

/// With a configuration for each hook, named after it.
fn repository_of_a_user(folder: &Utf8Path, config: impl Fn(&str) -> String) -> Result<(), Failed> {
    let platform = root().join(PLATFORM);
    for file in crate::trees::files_below(&platform)? {
        copy(&file, &folder.join(file.strip_prefix(&platform)?))?;
    }
    for id in [RENDER, CHECK] {
        std::fs::write(folder.join(format!("{id}.yaml")), config(id))?;
    }
    commit(folder).map(drop)
}

/// Commits everything in a folder and gives the commit.
fn commit(folder: &Utf8Path) -> Result<String, Failed> {
    let git = |arguments: &[&str]| must(Command::new("git").current_dir(folder).args(arguments));
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    let who = ["-c", "user.name=conformance", "-c", "user.email=conformance@example.com"];
    git(&[&who[..], &["commit", "--quiet", "--message=all"]].concat())?;
    Ok(git(&["rev-parse", "HEAD"])?.trim().to_owned())
}

fn copy(from: &Utf8Path, to: &Utf8Path) -> Result<(), Failed> {
    std::fs::create_dir_all(to.parent().ok_or("a file without a folder")?)?;
    std::fs::copy(from, to)?;
    Ok(())
}

/// One run over all files, staged as `git commit` would find them. The hook is built as a user's would be, but without
/// optimisation: only what it says counts here.
fn hook(bench: &Bench, user: &Utf8Path, id: &str) -> Result<Said, Failed> {
    must(Command::new("git").current_dir(user).args(["add", "--all"]))?;
    let mut command = bench.programs.command("pre-commit")?;
    command.current_dir(user).args(["run", "--all-files", "--color=never", "--config", &format!("{id}.yaml")]);
    command.env("PRE_COMMIT_HOME", bench.folder("pre-commit")?).env("CARGO_TARGET_DIR", bench.programs.folder("hook")?);
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    // The toolchain lies in the user's own home.
    command.envs(std::env::var_os("HOME").map(|home| ("HOME", home)));
    run(&mut command)
}

/// Runs the hook while the user's input says something else.
fn changed(bench: &Bench, user: &Utf8Path, id: &str, from: &str, to: &str) -> Result<Said, Failed> {
    let input = user.join("platform.yaml");
    let text = std::fs::read_to_string(&input)?;
    std::fs::write(&input, text.replace(from, to))?;
    let said = hook(bench, user, id);
    std::fs::write(&input, text)?;
    said
}

fn stale(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let input = user.join("platform.yaml");
    std::fs::write(&input, std::fs::read_to_string(&input)?.replace("name: shop", "name: store"))?;
    let said = hook(bench, user, RENDER)?;
    let tree = std::fs::read_to_string(user.join(FILE))?;
    let expected = [
        fails(&said),
        (said.out.contains("files were modified by this hook"), "it does not say that files changed"),
        (tree.contains("(store)"), "the tree is still stale"),
    ];
    Ok(unmet(&expected, &said))
}

fn faulty(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let said = changed(bench, user, RENDER, "name: store", "nam: store")?;
    let expected = [
        fails(&said),
        (said.out.contains("platform.yaml:2:1"), "it does not say where"),
        (!said.out.contains("files were modified"), "the tree was changed"),
    ];
    Ok(unmet(&expected, &said))
}

fn found_stale(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let before = std::fs::read_to_string(user.join(FILE))?;
    let said = changed(bench, user, CHECK, "name: store", "name: other")?;
    let is_same = std::fs::read_to_string(user.join(FILE))? == before;
    Ok(unmet(&[fails(&said), names(&said, "outdated: "), (is_same, "the tree was changed")], &said))
}

fn found_edited(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let file = user.join(FILE);
    let before = std::fs::read_to_string(&file)?;
    let edited = format!("{before}# by hand\n");
    std::fs::write(&file, &edited)?;
    let said = hook(bench, user, CHECK)?;
    let is_same = std::fs::read_to_string(&file)? == edited;
    std::fs::write(&file, before)?;
    let expected = [fails(&said), names(&said, "+# by hand"), (is_same, "the file was changed")];
    Ok(unmet(&expected, &said))
}

fn found_missing(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    std::fs::remove_file(user.join(FILE))?;
    let said = hook(bench, user, CHECK)?;
    let is_same = !user.join(FILE).exists();
    Ok(unmet(&[fails(&said), names(&said, "missing: "), (is_same, "it was written")], &said))
}

fn fails(said: &Said) -> (bool, &'static str) {
    (!said.succeeded, "the hook passes")
}

/// It says what differs, and in which file.
fn names(said: &Said, what: &str) -> (bool, &'static str) {
    (said.out.contains(what) && said.out.contains("helmfile.yaml"), "it does not say what differs")
}

fn unmet(expected: &[(bool, &str)], said: &Said) -> Vec<String> {
    let unmet = expected.iter().filter(|(holds, _)| !holds);
    unmet.map(|(_, what)| format!("{what}:\n{}", said.all())).collect()
}
