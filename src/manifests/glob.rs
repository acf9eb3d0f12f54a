//! Globs: `*` and `?` within a name, `**` for any number of folders. Hidden names are only meant where they are written.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

#[derive(Debug)]
pub struct Glob {
    text: String,
    /// As far as it names one folder.
    folder: Utf8PathBuf,
    parts: Vec<String>,
}

impl Glob {
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let mut parts: Vec<String> = vec![];
        for part in Utf8Path::new(text).components() {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::Normal(name) => parts.push(name.to_owned()),
                Utf8Component::ParentDir => return Err("it leaves the folder of platform.yaml"),
                _ => return Err("it does not start beside platform.yaml"),
            }
        }
        let folder = parts.iter().take_while(|part| !part.contains(['*', '?'])).collect();
        Ok(Self { text: text.to_owned(), folder, parts })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    pub fn matches(&self, path: &Utf8Path) -> bool {
        let names: Vec<&str> = path.components().map(|part| part.as_str()).collect();
        path_matches(&self.parts, &names)
    }
}

fn path_matches(parts: &[String], names: &[&str]) -> bool {
    match (parts.split_first(), names.split_first()) {
        (None, None) => true,
        (Some((part, rest)), _) if part == "**" => {
            let skips = names.split_first().is_some_and(|(name, names)| !is_hidden(name) && path_matches(parts, names));
            skips || path_matches(rest, names) && (!rest.is_empty() || names.is_empty())
        }
        (Some((part, parts)), Some((name, names))) => name_matches(part, name) && path_matches(parts, names),
        _ => false,
    }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

fn name_matches(part: &str, name: &str) -> bool {
    if is_hidden(name) && !is_hidden(part) {
        return false;
    }
    let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
    characters_match(&part, &name)
}

fn characters_match(part: &[char], name: &[char]) -> bool {
    match (part.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => {
            (0..=name.len()).any(|at| name.get(at..).is_some_and(|name| characters_match(rest, name)))
        }
        (Some((one, part)), Some((other, name))) => (*one == '?' || one == other) && characters_match(part, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        Glob::new(glob).unwrap().matches(path.into())
    }

    #[test]
    fn stars_stay_within_a_name_and_double_stars_cross_folders() {
        for (glob, path) in [
            ("a/*.yaml", "a/b.yaml"),
            ("**/b.yaml", "b.yaml"),
            ("**/b.yaml", "x/y/b.yaml"),
            ("a/**/b", "a/b"),
            ("a/**", "a/b/c"),
            ("a?c", "abc"),
            ("*a*b*", "xxaxxbxx"),
            ("a/.b/*", "a/.b/c"),
            ("**", "a"),
        ] {
            assert!(matches(glob, path), "{glob} {path}");
        }
        for (glob, path) in
            [("a/*.yaml", "a/b/c.yaml"), ("*", ".a"), ("**/c", ".b/c"), ("a?c", "ac"), ("a/**/b", "a/c"), ("a", "a/b")]
        {
            assert!(!matches(glob, path), "{glob} {path}");
        }
    }

    #[test]
    fn the_folder_is_what_holds_no_star() {
        assert_eq!(Glob::new("a/b/*.yaml").unwrap().folder(), "a/b");
        assert_eq!(Glob::new("./**").unwrap().folder(), "");
    }
}
