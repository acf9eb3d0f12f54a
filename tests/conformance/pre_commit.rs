//! pre-commit: the hook of `.pre-commit-hooks.yaml`, installed and run by the real `pre-commit` in a scratch repository.

use std::process::Command;

use camino::Utf8Path;

use crate::process::{Said, must, run};
use crate::report::Report;
use crate::{Bench, Failed, root};

/// The golden platform that the scratch repository holds.
const PLATFORM: &str = "tests/golden/services";

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let hooks = bench.folder("hooks")?;
    let revision = repository_of_the_tool(&hooks)?;
    let user = bench.folder("hook-user")?;
    repository_of_a_user(&user, &format!("repos: [{{repo: {hooks}, rev: {revision}, hooks: [{{id: platformc}}]}}]\n"))?;
    let run = || {
        must(Command::new("git").current_dir(&user).args(["add", "--all"]))?;
        hook(bench, &user)
    };
    report.case("a fresh tree passes", || Ok(run()?.findings()));
    report.case("a stale tree fails, and is written anew", || stale(bench, &user));
    report.case("what was written anew passes", || Ok(run()?.findings()));
    report.case("a faulty input fails at its line", || faulty(bench, &user));
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

fn repository_of_a_user(folder: &Utf8Path, config: &str) -> Result<(), Failed> {
    let platform = root().join(PLATFORM);
    for file in crate::trees::files_below(&platform)? {
        copy(&file, &folder.join(file.strip_prefix(&platform)?))?;
    }
    std::fs::write(folder.join(".pre-commit-config.yaml"), config)?;
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

/// One run over all files. The hook is built as a user's would be, but without optimisation: only what it says counts here.
fn hook(bench: &Bench, user: &Utf8Path) -> Result<Said, Failed> {
    let mut command = bench.programs.command("pre-commit")?;
    command.current_dir(user).args(["run", "--all-files", "--color=never"]);
    command.env("PRE_COMMIT_HOME", bench.folder("pre-commit")?).env("CARGO_TARGET_DIR", bench.programs.folder("hook")?);
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    // The toolchain lies in the user's own home.
    command.envs(std::env::var_os("HOME").map(|home| ("HOME", home)));
    run(&mut command)
}

/// Changes a text in the user's input, stages it as `git commit` would find it, and runs the hook.
fn changed(bench: &Bench, user: &Utf8Path, from: &str, to: &str) -> Result<Said, Failed> {
    let input = user.join("platform.yaml");
    let text = std::fs::read_to_string(&input)?;
    std::fs::write(&input, text.replace(from, to))?;
    must(Command::new("git").current_dir(user).args(["add", "--all"]))?;
    hook(bench, user)
}

fn stale(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let said = changed(bench, user, "name: shop", "name: store")?;
    let tree = std::fs::read_to_string(user.join("out/helmfile.yaml"))?;
    let expected = [
        (!said.succeeded, "the hook passes"),
        (said.out.contains("files were modified by this hook"), "it does not say that files changed"),
        (tree.contains("(store)"), "the tree is still stale"),
    ];
    Ok(unmet(&expected, &said))
}

fn faulty(bench: &Bench, user: &Utf8Path) -> Result<Vec<String>, Failed> {
    let said = changed(bench, user, "name: store", "nam: store")?;
    let expected = [
        (!said.succeeded, "the hook passes"),
        (said.out.contains("platform.yaml:2:1"), "it does not say where"),
        (!said.out.contains("files were modified"), "the tree was changed"),
    ];
    Ok(unmet(&expected, &said))
}

fn unmet(expected: &[(bool, &str)], said: &Said) -> Vec<String> {
    let unmet = expected.iter().filter(|(holds, _)| !holds);
    unmet.map(|(_, what)| format!("{what}:\n{}", said.all())).collect()
}
