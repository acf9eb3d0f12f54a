//! What a monitor can select, found by label and namespace.

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::fields::{called, items, listed};
use crate::link::symbols::{CONTROL_PLANE, Extent, Labels, Selector, Symbols};
use crate::source::Node;
use crate::validate::Object;

/// Those that every cluster has (Kubernetes docs, "Initial namespaces").
const OF_THE_CLUSTER: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The namespaces that a monitor looks in.
pub struct Scope<'r> {
    extent: Extent,
    /// None: in all.
    names: Option<Vec<Named<'r>>>,
}

struct Named<'r> {
    name: &'r str,
    /// Where a `matchNames` says it.
    said: Option<&'r Node>,
    /// Whether its objects may be made elsewhere.
    is_foreign: bool,
}

impl<'r> Scope<'r> {
    pub fn of(symbols: &Symbols, monitor: &'r Object, selector: Option<&'r Node>) -> Self {
        let any = selector.is_some_and(|selector| crate::link::fields::is_true(selector, &["any"]));
        let is_foreign = |name: &str| {
            OF_THE_CLUSTER.contains(&name)
                || symbols.named("Namespace", "", name).is_none() && symbols.namespaces.contains_key(name)
        };
        let named = |name: &'r str, said| Named { name, said, is_foreign: is_foreign(name) };
        let said = selector.map(|selector| items(selector, &["matchNames"])).unwrap_or_default();
        let names = said.iter().filter_map(|said| Some(named(said.as_str()?, Some(said))));
        let names: Vec<Named> = match said {
            [] => vec![named(monitor.namespace_name(), None)],
            _ => names.collect(),
        };
        Self { extent: symbols.extent, names: (!any).then_some(names) }
    }

    /// Among some manifests, what says no namespace may be applied to any.
    fn holds(&self, namespace: &str) -> bool {
        let is_part = self.extent == Extent::Part;
        let is_it =
            |named: &Named| named.name == namespace || is_part && (named.name.is_empty() || namespace.is_empty());
        self.names.as_ref().is_none_or(|names| names.iter().any(is_it))
    }

    fn named(&self) -> &[Named<'r>] {
        self.names.as_deref().unwrap_or_default()
    }

    /// A namespace that is said and not there.
    pub fn unknown(&self, symbols: &Symbols, what: &str, monitor: &Object, sink: &mut Sink) -> bool {
        let is_there = |name: &str| symbols.namespaces.contains_key(name) || OF_THE_CLUSTER.contains(&name);
        let unknown = self.named().iter().filter(|named| self.extent == Extent::Whole && !is_there(named.name));
        let mut any = false;
        for named in unknown {
            any = true;
            // That the monitor itself stands nowhere is told elsewhere.
            let Some(said) = named.said else { continue };
            let message = format!(
                "{} selects {what}s in the namespace `{}`, which the platform does not have",
                called(monitor),
                named.name
            );
            let fault = symbols.fault(Code::MonitorsNothing, message, monitor, said.span);
            sink.push(fault.suggest(named.name, symbols.namespaces.keys().map(String::as_str)));
        }
        any
    }
}

impl fmt::Display for Scope<'_> {
    /// ` in the namespace `shop``
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.named().iter().map(|named| named.name).filter(|name| !name.is_empty()).collect();
        match names.as_slice() {
            [] => Ok(()),
            [_] => write!(f, " in the namespace {}", listed(&names)),
            _ => write!(f, " in the namespaces {}", listed(&names)),
        }
    }
}

/// Things with labels.
pub struct Targets<'s, T> {
    /// `Service`
    pub what: &'static str,
    all: Vec<Target<'s, T>>,
    by_label: BTreeMap<(String, String), Vec<usize>>,
    by_namespace: BTreeMap<&'s str, usize>,
}

struct Target<'s, T> {
    namespace: &'s str,
    labels: Labels,
    is: &'s T,
}

impl<'s, T: Shown> Targets<'s, T> {
    pub fn of(what: &'static str, all: impl Iterator<Item = (&'s str, Labels, &'s T)>) -> Self {
        let all: Vec<Target<T>> = all.map(|(namespace, labels, is)| Target { namespace, labels, is }).collect();
        let mut by_label: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        let mut by_namespace: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, target) in all.iter().enumerate() {
            if target.is.is_here() {
                *by_namespace.entry(target.namespace).or_default() += 1;
            }
            for (key, value) in &target.labels {
                by_label.entry((key.clone(), value.clone())).or_default().push(index);
            }
        }
        Self { what, all, by_label, by_namespace }
    }

    pub fn select(&self, scope: &Scope, selector: &Selector) -> Vec<&'s T> {
        let found = self.with(selector).filter(|target| scope.holds(target.namespace));
        found.filter(|target| selector.matches(&target.labels)).map(|target| target.is).collect()
    }

    /// Those with the rarest of the labels.
    fn with(&self, selector: &Selector) -> Box<dyn Iterator<Item = &Target<'s, T>> + '_> {
        let none = Vec::new;
        let lists = selector.labels().map(|(key, value)| self.by_label.get(&(key.to_owned(), value.to_owned())));
        match lists.min_by_key(|list| list.map_or(0, Vec::len)) {
            Some(list) => {
                let rarest = list.cloned().unwrap_or_else(none);
                Box::new(rarest.into_iter().filter_map(|index| self.all.get(index)))
            }
            None => Box::new(self.all.iter()),
        }
    }

    /// Whether nothing here tells what is in a scope: among some manifests where they hold none of its kind, else where
    /// its namespaces are made elsewhere and none is of ours. A Service of ours for a part of the control plane says nothing
    /// of the others.
    pub fn are_elsewhere(&self, scope: &Scope) -> bool {
        let holds_any = self.by_namespace.keys().any(|namespace| scope.holds(namespace));
        let is_foreign = scope.names.is_some() && scope.named().iter().all(|named| named.is_foreign);
        let of_control_plane = |named: &Named| named.name == CONTROL_PLANE;
        let is_control_plane = scope.names.is_some() && scope.named().iter().all(of_control_plane);
        !holds_any && (scope.extent == Extent::Part || is_foreign) || scope.extent == Extent::Part && is_control_plane
    }

    /// Each namespace that is said holds something that is selected.
    pub fn in_each(&self, symbols: &Symbols, scope: &Scope, selector: &Selector, monitor: &Object, sink: &mut Sink) {
        for named in scope.named().iter().filter(|_| scope.extent == Extent::Whole && scope.named().len() > 1) {
            let is_here = !named.is_foreign || self.by_namespace.contains_key(named.name);
            let mut inside = self.with(selector).filter(|target| target.namespace == named.name);
            let (true, Some(said)) = (is_here, named.said) else { continue };
            if inside.any(|target| selector.matches(&target.labels)) {
                continue;
            }
            let message = format!("{} selects no {} in the namespace `{}`", called(monitor), self.what, named.name);
            sink.push(symbols.fault(Code::MonitorsNothing, message, monitor, said.span));
        }
    }
}

/// Something that a fault can show.
pub trait Shown {
    fn title(&self) -> String;
    fn beside(&self, fault: Diagnostic) -> Diagnostic;

    /// Whether it is more than said to be there.
    fn is_here(&self) -> bool {
        true
    }
}

impl<T: Shown> Targets<'_, T> {
    /// Shows what has the most of a selector's labels, and what it has instead.
    pub fn nearest(&self, fault: Diagnostic, scope: &Scope, selector: &Selector) -> Diagnostic {
        let shared = |target: &Target<T>| {
            let same = selector.labels().filter(|(key, value)| target.labels.get(*key).is_some_and(|has| has == value));
            let known = selector.keys().filter(|key| target.labels.contains_key(*key)).count();
            // One with the labels, in a namespace that is not looked in, comes before one that lacks them.
            (same.count() + known, scope.holds(target.namespace))
        };
        // A key that is everywhere tells nothing of another namespace.
        let is_named = |namespace: &str| scope.named().iter().any(|named| named.name == namespace);
        let enough = |target: &Target<T>| if is_named(target.namespace) { 1 } else { 2 };
        let near = self.all.iter().filter(|target| shared(target).0 >= enough(target));
        let Some(nearest) = near.max_by_key(|target| shared(target)) else { return fault };
        let labels: Vec<String> = nearest.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let fault = fault.note(format!("{} carries `{}`", nearest.is.title(), labels.join(", ")));
        let fault = nearest.is.beside(fault);
        match scope.holds(nearest.namespace) {
            true => fault,
            false => {
                fault.help(format!("to look there, write `namespaceSelector: {{matchNames: [{}]}}`", nearest.namespace))
            }
        }
    }
}
