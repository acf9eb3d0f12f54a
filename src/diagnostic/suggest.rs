//! "Did you mean": the nearest of the known names.

/// The known name nearest to `wrong`, if it is near enough to be what was meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name| {
        let (wrong, name) = apart(wrong, name);
        let distance = strsim::damerau_levenshtein(&fold(wrong), &fold(name));
        (distance <= allowed(wrong, name)).then_some(distance)
    };
    known
        .into_iter()
        .filter_map(|name| Some((distance(name)?, name)))
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

/// The known name of which `wrong` is a slip of the pen: near, and no more than two letters away.
pub fn misspelt<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(wrong, known).filter(|name| strsim::damerau_levenshtein(wrong, name) <= 2)
}

/// The help line for a wrong name.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wrong, known).map(|name| format!("did you mean `{name}`?"))
}

/// `a`, `b` and `c`
pub fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Of two paths only the last parts, where all before is the same: `services.a` is not near to `services.b`.
fn apart<'t>(wrong: &'t str, name: &'t str) -> (&'t str, &'t str) {
    match (wrong.rsplit_once(['.', '/']), name.rsplit_once(['.', '/'])) {
        (Some((one, wrong)), Some((other, name))) if one == other => (wrong, name),
        _ => (wrong, name),
    }
}

/// Case, dashes and underscores are what people mix up most.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

fn allowed(wrong: &str, name: &str) -> usize {
    (wrong.chars().count().max(name.chars().count()) / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("dataIntegraton", ["domain", "dataIntegration"]), Some("dataIntegration"));
        assert_eq!(nearest("min-available", ["minAvailable"]), Some("minAvailable"));
    }

    #[test]
    fn a_far_name_is_not_suggested() {
        assert_eq!(nearest("zzz", ["domain", "name"]), None);
        assert_eq!(nearest("services.web", ["services.api"]), None);
        assert_eq!(nearest("services.ap", ["services.api"]), Some("services.api"));
    }
}
