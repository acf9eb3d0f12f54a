//! Which object a patch names.

use super::Place;
use crate::component::interface::By;
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, listed};
use crate::expand::Plan;
use crate::link::symbols::maker;
use crate::render::Rendered;
use crate::source::Span;
use crate::validate::Object;

/// Every object that a patch may name, and those that it may not.
pub(super) struct Targets<'r> {
    objects: Vec<(Place, Object<'r>)>,
    plan: &'r Plan<'r>,
}

/// `namespace/Kind/name`, with the group behind the kind where need be: `Kind.group`.
struct Name<'k> {
    namespace: Option<&'k str>,
    kind: &'k str,
    name: &'k str,
}

impl<'k> Name<'k> {
    fn read(key: &'k str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        let (namespace, kind, name) = match parts[..] {
            [kind, name] => (None, kind, name),
            [namespace, kind, name] => (Some(namespace), kind, name),
            _ => return None,
        };
        let whole = [namespace.unwrap_or("-"), kind, name].iter().all(|part| !part.is_empty());
        whole.then_some(Self { namespace, kind, name })
    }

    fn is(&self, object: &Object) -> bool {
        let kind = self.kind == object.kind || self.kind.contains('.') && object.is(self.kind);
        let namespace = self.namespace.is_none_or(|namespace| namespace == object.namespace_name());
        kind && namespace && self.name == object.name
    }
}

impl<'r> Targets<'r> {
    pub fn of(rendered: &'r Rendered, plan: &'r Plan<'r>) -> Self {
        let files = rendered.files.iter().enumerate().filter(|(_, file)| file.used_as == FileUse::Manifests);
        let objects = files.flat_map(|(at, file)| {
            let objects = file.documents.iter().enumerate();
            objects.filter_map(move |(document, node)| Some(((at, document), Object::of(file, node)?)))
        });
        Self { objects: objects.collect(), plan }
    }

    /// The one object of a name.
    pub fn find(&self, key: &str, at: Span) -> Result<Place, Box<Diagnostic>> {
        let Some(name) = Name::read(key) else {
            let fault = Diagnostic::new(Code::PatchOfNothing, format!("`{key}` names no object"));
            return Err(Box::new(fault.at(at, "expected `Kind/name` or `namespace/Kind/name`")));
        };
        let found: Vec<_> = self.objects.iter().filter(|(_, object)| name.is(object)).collect();
        match found[..] {
            [] => Err(Box::new(self.nothing(key, &name, at))),
            [(_, object)] if object.file.source.is_some() => Err(Box::new(by_hand(key, object, at))),
            [(place, _)] => Ok(*place),
            _ => Err(Box::new(several(key, found.iter().map(|(_, object)| object), at))),
        }
    }

    fn nothing(&self, key: &str, name: &Name, at: Span) -> Diagnostic {
        let fault = Diagnostic::new(Code::PatchOfNothing, format!("there is no object `{key}` to patch")).at(at, "");
        if let Some(instance) = self.chart_of(name) {
            let option = format!("`{instance}: {{values: …}}`");
            return fault.note(format!("a chart makes `{}`", name.name)).help(format!("its values are under {option}"));
        }
        let others = self.objects.iter().filter(|(_, object)| object.name == name.name && object.kind != name.kind);
        let others: Vec<String> = others.map(|(_, object)| object.title()).collect();
        let known: Vec<String> = match name.namespace {
            Some(_) => self.objects.iter().map(|(_, object)| object.title()).collect(),
            None => self.objects.iter().map(|(_, object)| format!("{}/{}", object.kind, object.name)).collect(),
        };
        let fault = fault.suggest(key, known.iter().map(String::as_str));
        match others.is_empty() || !fault.help.is_empty() {
            true => fault,
            false => fault.note(format!("of this name there are {}", listed(&others))),
        }
    }

    /// Whose chart makes a workload or Service of this name.
    fn chart_of(&self, name: &Name) -> Option<&str> {
        let makes = |instance: &&crate::expand::Instance| {
            let mut workloads = instance.workloads.values().filter(|of| maker(of.is.by, instance) == By::Chart);
            let mut services = instance.services.values().filter(|of| maker(of.is.by, instance) == By::Chart);
            workloads.any(|of| of.is.name.as_deref() == Some(name.name)) || services.any(|of| of.is.name == name.name)
        };
        self.plan.instances.iter().find(makes).map(|instance| instance.used.slot.as_str())
    }
}

fn several<'o>(key: &str, objects: impl Iterator<Item = &'o Object<'o>>, at: Span) -> Diagnostic {
    let mut titles: Vec<String> = objects.map(Object::title).collect();
    titles.sort();
    let fault = Diagnostic::new(Code::PatchOfSeveral, format!("there are several objects `{key}`")).at(at, "");
    let help = titles.first().map(|first| format!("say which one: `{first}`"));
    let fault = fault.note(format!("these are {}", listed(&titles)));
    help.into_iter().fold(fault, Diagnostic::help)
}

fn by_hand(key: &str, object: &Object, at: Span) -> Diagnostic {
    let fault = Diagnostic::new(Code::PatchOfNothing, format!("`{key}` is written by hand"));
    let fault = fault.at(at, "patches change what is made here").at(object.metadata("name"), "it stands here");
    fault.help(format!("change it in `{}`", object.file.path))
}
