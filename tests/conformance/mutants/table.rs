//! The tables of `docs/comparison.md`, between two markers.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{By, Found, TRIED};
use crate::{Bench, Failed, root};

const PROGRAMS: [&str; 5] = ["platformc", "kube-score", "kubeconform", "kubectl-validate", "@monokle/validation"];
const BEGIN: &str = "<!-- measured: begin -->\n";
const END: &str = "<!-- measured: end -->\n";

/// The programs that found it, but for ours.
pub fn names(by: &By) -> String {
    let found = PROGRAMS.iter().zip(by).skip(1).filter(|(_, found)| **found).map(|(name, _)| *name);
    found.collect::<Vec<_>>().join(", ")
}

/// Holds the committed tables against those just measured, or writes them.
pub fn compare(bench: &Bench, found: &Found) -> Result<Vec<String>, Failed> {
    let path = root().join("docs/comparison.md");
    let text = std::fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).ok_or("docs/comparison.md has no place for the tables")?;
    let (committed, after) = rest.split_once(END).ok_or("docs/comparison.md has no end of the tables")?;
    let measured = tables(bench, found);
    if measured == committed {
        return Ok(vec![]);
    }
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(path, format!("{before}{BEGIN}{measured}{END}{after}"))?;
        return Ok(vec![]);
    }
    let only = |one: &str, other: &str| {
        one.lines().filter(|line| !other.contains(line)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (new, gone) = (only(&measured, committed), only(committed, &measured));
    let lines = new.into_iter().chain(gone.into_iter().map(|line| format!("no longer {line}")));
    let lines: Vec<String> =
        lines.take(5).chain(["BLESS=1 writes the tables as they are measured now".to_owned()]).collect();
    Ok(lines)
}

fn tables(bench: &Bench, found: &Found) -> String {
    let mut rows: BTreeMap<&str, (usize, [usize; 5])> = BTreeMap::new();
    for (class, _, by) in &found.tried {
        let (tried, counts) = rows.entry(class).or_default();
        *tried += 1;
        counts.iter_mut().zip(by).for_each(|(count, found)| *count += usize::from(*found));
    }
    let all: usize = found.all.values().sum();
    let mut text = format!(
        "\n{all} mutants in {} classes; {} were tried: of each class one in each of the first {TRIED} trees that have it.\n\n",
        rows.len(),
        found.tried.len()
    );
    head(&mut text, "program | version | found | classes of which it found one", "--- | --- | ---: | ---:");
    for (index, program) in PROGRAMS.iter().enumerate() {
        let version = bench.programs.version(program).unwrap_or(env!("CARGO_PKG_VERSION"));
        let count: usize = rows.values().map(|(_, counts)| counts[index]).sum();
        let classes = rows.values().filter(|(_, counts)| counts[index] > 0).count();
        let _ = writeln!(text, "| {program} | {version} | {count} | {classes} |");
    }
    text.push('\n');
    head(
        &mut text,
        &format!("what is broken | mutants | tried | {}", PROGRAMS.join(" | ")),
        &["---"].into_iter().chain(["---:"; 7]).collect::<Vec<_>>().join(" | "),
    );
    for (class, (tried, counts)) in rows {
        let counts = counts.map(|count| count.to_string()).join(" | ");
        let _ = writeln!(
            text,
            "| `{class}` | {} | {tried} | {counts} |",
            found.all.get(class).copied().unwrap_or_default()
        );
    }
    text.push('\n');
    text
}

fn head(text: &mut String, titles: &str, kinds: &str) {
    let _ = writeln!(text, "| {titles} |\n| {kinds} |");
}
