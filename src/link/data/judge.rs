//! Whether what is read is there. One thing that is missing is one fault, however many read it.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{Key, Reference};
use crate::diagnostic::{Code, Diagnostic, Sink, misspelt, nearest};
use crate::link::symbols::{Data, DataKind, Extent, Made, Symbols};
use crate::source::NodePath;

/// The ConfigMap that is in every namespace, and its key (Kubernetes docs, "Service Accounts", RootCAConfigMap).
const ROOT_CA: (&str, &str) = ("kube-root-ca.crt", "ca.crt");

type Target<'r> = (DataKind, &'r str, &'r str);

pub(super) fn check(symbols: &Symbols, references: &[Reference], sink: &mut Sink) {
    let judge = Judge::new(symbols, references);
    let mut absent: IndexMap<Target, Vec<&Reference>> = IndexMap::new();
    let mut lacking: IndexMap<(Target, &str), Vec<(&Reference, &Key)>> = IndexMap::new();
    for reference in references {
        let target = (reference.kind, reference.namespace.as_str(), reference.name.as_str());
        match (judge.made(target), &reference.key) {
            (None, _) => absent.entry(target).or_default().push(reference),
            (Some(made), Some(key)) if !judge.holds(&made, target, key) => {
                lacking.entry((target, &key.name)).or_default().push((reference, key));
            }
            _ => {}
        }
    }
    absent.iter().for_each(|(target, readers)| sink.extend(judge.absent(*target, readers)));
    lacking.iter().for_each(|((target, _), readers)| sink.extend(judge.lacking(*target, readers)));
}

struct Judge<'s> {
    symbols: &'s Symbols<'s>,
    /// What makes each name, whatever the namespace.
    by_name: BTreeMap<(DataKind, &'s str), Vec<&'s Data<'s>>>,
    by_namespace: BTreeMap<(DataKind, &'s str), Vec<&'s Data<'s>>>,
    /// What kustomize makes, under a name that it lengthens and every reference follows.
    generated: BTreeSet<(DataKind, &'s str)>,
    read: BTreeSet<Target<'s>>,
}

impl<'s> Judge<'s> {
    fn new(symbols: &'s Symbols<'s>, references: &'s [Reference]) -> Self {
        let (mut by_name, mut by_namespace) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for data in &symbols.data {
            by_name.entry((data.kind, data.name.as_str())).or_default().push(data);
            by_namespace.entry((data.kind, data.namespace.as_str())).or_default().push(data);
        }
        let target = |reference: &'s Reference| (reference.kind, reference.namespace.as_str(), reference.name.as_str());
        let read = references.iter().map(target).collect();
        Self { symbols, by_name, by_namespace, generated: generated(symbols), read }
    }

    /// Everything that makes the target; none where nothing does.
    fn made(&self, (kind, namespace, name): Target<'_>) -> Option<Vec<&'s Data<'s>>> {
        let made = self.symbols.data(kind, namespace, name);
        let is_there = !made.is_empty()
            || self.is_external((kind, namespace, name))
            || kind == DataKind::ConfigMap && name == ROOT_CA.0;
        if is_there || self.symbols.extent == Extent::Whole {
            return is_there.then_some(made);
        }
        // What says no namespace goes wherever it is applied to.
        let fits = |data: &&&Data| namespace.is_empty() || data.namespace.is_empty();
        let made: Vec<&Data> = self.by_name.get(&(kind, name)).into_iter().flatten().filter(fits).copied().collect();
        (!made.is_empty() || self.generated.contains(&(kind, name))).then_some(made)
    }

    fn is_external(&self, target: Target) -> bool {
        self.external(target).is_some()
    }

    /// What `external` says is there: under which name, and with which keys.
    fn external(&self, (kind, namespace, name): Target) -> Option<(&'s str, &'s [String])> {
        let external = self.symbols.external;
        let said = match kind {
            DataKind::Secret => &external.secrets,
            DataKind::ConfigMap => &external.config_maps,
        };
        let found = said.get_key_value(&format!("{namespace}/{name}")).or_else(|| said.get_key_value(name));
        found.map(|(path, keys)| (path.as_str(), keys.as_slice()))
    }

    fn holds(&self, made: &[&Data], target: Target, key: &Key) -> bool {
        let wanted = [Some(key.name.as_str()), key.or];
        let mut wanted = wanted.iter().flatten();
        if let Some((_, said)) = self.external(target) {
            return wanted.any(|key| said.iter().any(|said| said == key));
        }
        if target.2 == ROOT_CA.0 && made.is_empty() {
            return key.name == ROOT_CA.1;
        }
        // Among some manifests an empty one is often filled by something that runs.
        let is_filled =
            |data: &&Data| self.symbols.extent == Extent::Part && data.keys.as_ref().is_some_and(Vec::is_empty);
        made.is_empty() || made.iter().any(is_filled) || wanted.any(|key| made.iter().any(|data| data.may_hold(key)))
    }

    fn absent(&self, target: Target, readers: &[&Reference]) -> Option<Diagnostic> {
        let (kind, namespace, name) = target;
        let nearest = self.nearest(target);
        let is_ordinary = kind == DataKind::Secret && self.symbols.extent == Extent::Part;
        let is_typo = |near: &Data| {
            let is_unread = !self.read.contains(&(kind, namespace, near.name.as_str()));
            is_unread && misspelt(name, [near.name.as_str()]).is_some()
        };
        if is_ordinary && !nearest.is_some_and(is_typo) {
            return None;
        }
        let (first, others) = readers.split_first()?;
        let message = format!("{} reads {}, which is not there", first.place.reader(), called(target));
        let fault = first.place.absent(self.symbols, absent_code(kind), message);
        let fault = also(fault, first, others.iter().copied());
        let fault = match nearest {
            Some(near) => near.made.beside(fault, "the nearest one").help(format!("did you mean `{}`?", near.name)),
            None => self.elsewhere(fault, target),
        };
        let keys: BTreeSet<&str> =
            readers.iter().filter_map(|reader| reader.key.as_ref()).map(|key| key.name.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        let said = format!("{namespace}/{name}: [{}]", keys.join(", "));
        Some(self.outside(fault, kind, &said))
    }

    fn lacking(&self, target: Target, readers: &[(&Reference, &Key)]) -> Option<Diagnostic> {
        let ((first, key), others) = readers.split_first()?;
        let what = called(target);
        let message = format!("{} reads key `{}` of {what}, which does not hold it", key.place.reader(), key.name);
        let fault = key.place.fault(self.symbols, lacking_code(target.0), message);
        let fault = key.why.iter().fold(fault, |fault, why| fault.note(why));
        let fault = also(fault, first, others.iter().map(|(reference, _)| *reference));
        let made = self.made(target).unwrap_or_default();
        let said = self.external(target);
        let ours = made.iter().filter(|data| !matches!(data.made, Made::External));
        let fault = ours.fold(fault, |fault, data| data.made.beside(fault, "what makes it"));
        let of_made = made.iter().filter_map(|data| data.keys.as_ref()).flatten();
        let held: BTreeSet<&str> =
            of_made.chain(said.map(|(_, keys)| keys).unwrap_or_default()).map(String::as_str).collect();
        let list: Vec<String> = held.iter().map(|key| format!("`{key}`")).collect();
        let fault = fault.note(match list.is_empty() {
            true => "it holds no key".to_owned(),
            false => format!("it holds {}", list.join(", ")),
        });
        let fault = fault.suggest(&key.name, held.iter().copied());
        Some(match said {
            Some((path, _)) => self.said(fault, target.0, path, held.iter().copied().chain([key.name.as_str()])),
            None => fault,
        })
    }

    /// Where `external` says which keys are there, and what it should say.
    fn said<'k>(
        &self,
        fault: Diagnostic,
        kind: DataKind,
        path: &str,
        keys: impl Iterator<Item = &'k str>,
    ) -> Diagnostic {
        let keys: Vec<&str> = keys.collect();
        let at = NodePath::dotted("external").key(external_key(kind)).key(path);
        let place = self.symbols.plan.map(|plan| plan.platform.merged.nearest(&at));
        let fault = place.into_iter().fold(fault, |fault, place| fault.at(place, "said here"));
        fault.help(format!("if it has that key, say so: `{path}: [{}]`", keys.join(", ")))
    }

    /// The one of that namespace whose name comes nearest.
    fn nearest(&self, (kind, namespace, name): Target) -> Option<&'s Data<'s>> {
        let near = self.by_namespace.get(&(kind, namespace))?;
        let found = nearest(name, near.iter().map(|data| data.name.as_str()))?;
        near.iter().find(|data| data.name == found).copied()
    }

    /// Pods read of their own namespace only.
    fn elsewhere(&self, fault: Diagnostic, (kind, namespace, name): Target) -> Diagnostic {
        let found = self.by_name.get(&(kind, name)).and_then(|found| found.first());
        let Some(other) = found.filter(|_| !namespace.is_empty()) else { return fault };
        let fault = other.made.beside(fault, "one of that name");
        fault.note(format!("{} is in another namespace, and is read there only", other.title()))
    }

    fn outside(&self, fault: Diagnostic, kind: DataKind, said: &str) -> Diagnostic {
        let key = external_key(kind);
        match self.symbols.extent {
            Extent::Whole => fault.help(format!("if it is made elsewhere, say so: `external: {{{key}: {{{said}}}}}`")),
            Extent::Part => fault,
        }
    }
}

/// Where `external` says that one is there.
fn external_key(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Secret => "secrets",
        DataKind::ConfigMap => "configMaps",
    }
}

fn absent_code(kind: DataKind) -> Code {
    match kind {
        DataKind::Secret => Code::UnknownSecret,
        DataKind::ConfigMap => Code::UnknownConfigMap,
    }
}

fn lacking_code(kind: DataKind) -> Code {
    match kind {
        DataKind::Secret => Code::UnknownSecretKey,
        DataKind::ConfigMap => Code::UnknownConfigMapKey,
    }
}

/// Who else reads it, the first few by name.
fn also<'r>(fault: Diagnostic, first: &Reference, others: impl Iterator<Item = &'r Reference<'r>>) -> Diagnostic {
    let own = first.place.reader();
    let mut readers: Vec<String> = vec![];
    for reader in others.map(|other| other.place.reader()).filter(|reader| *reader != own) {
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    }
    match readers.as_slice() {
        [] => fault,
        [one] => fault.note(format!("{one} reads it too")),
        [one, two] => fault.note(format!("{one} and {two} read it too")),
        [one, two, rest @ ..] => fault.note(format!("{one}, {two} and {} more read it too", rest.len())),
    }
}

fn called((kind, namespace, name): Target) -> String {
    match namespace {
        "" => format!("{} {name}", kind.as_str()),
        namespace => format!("{} {namespace}/{name}", kind.as_str()),
    }
}

fn generated<'s>(symbols: &'s Symbols) -> BTreeSet<(DataKind, &'s str)> {
    let kinds = [("secretGenerator", DataKind::Secret), ("configMapGenerator", DataKind::ConfigMap)];
    let mut names = BTreeSet::new();
    for document in symbols.files.iter().flat_map(|file| &file.documents) {
        for (key, kind) in kinds {
            let generators = document.get(key).and_then(|list| list.as_list()).unwrap_or_default();
            names.extend(generators.iter().filter_map(|one| Some((kind, one.get("name")?.as_str()?))));
        }
    }
    names
}
