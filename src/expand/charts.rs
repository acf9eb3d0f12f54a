//! Helm releases: one per instance with a chart.

use camino::Utf8PathBuf;
use serde_json::Value as Json;

use super::evaluate::Context;
use super::plan::{ChartRelease, Instance, Origin, PlannedFile};
use crate::component::catalog::Word;
use crate::component::interface::{ChartValue, FileUse, Ignored, Variable, Webhook};
use crate::diagnostic::Sink;

/// The release of an instance, and the file with the user's own values, which comes last.
pub fn release(
    instance: &Instance,
    context: &Context,
    files: &[PlannedFile],
    reads_secrets: bool,
    sink: &mut Sink,
) -> Option<(ChartRelease, Option<PlannedFile>)> {
    let chart = instance.component.chart.clone()?;
    let origin = origin(instance);
    let own = files.iter().filter(|file| file.used_as == FileUse::Values).map(|file| file.path.clone());
    let overrides = overrides(instance, &origin);
    let values = own.chain(overrides.as_ref().map(|file| file.path.clone())).collect();
    let meanings = context.entries::<ChartValue>(instance.component.word(Word::Values), sink);
    let webhooks = context.entries::<Webhook>(instance.component.word(Word::Webhooks), sink);
    let version = instance.used.version.as_ref().and_then(|node| node.as_str()).unwrap_or(&chart.version);
    let release = ChartRelease {
        name: instance.release.clone(),
        namespace: instance.namespace.clone(),
        version: version.to_owned(),
        repository: instance.component.id.clone(),
        values,
        meanings,
        brings: instance.component.brings.clone(),
        guards: webhooks.values().flat_map(|webhook| webhook.is.kinds.clone()).collect(),
        webhooks,
        environment: context.entries::<Variable>(instance.component.word(Word::Environment), sink),
        ignores: context.entries::<Ignored>(instance.component.word(Word::Ignores), sink),
        reads_secrets,
        chart,
        origin,
    };
    Some((release, overrides))
}

fn overrides(instance: &Instance, origin: &Origin) -> Option<PlannedFile> {
    let values = instance.used.values.as_ref()?;
    Some(PlannedFile {
        path: Utf8PathBuf::from(format!("values/{}.overrides.yaml", instance.release)),
        template: None,
        context: values.to_json(),
        used_as: FileUse::Values,
        reads_secrets: false,
        embeds: None,
        origin: Origin { asked: vec![values.span], by_user: true, ..origin.clone() },
    })
    .filter(|file| file.context != Json::Null)
}

fn origin(instance: &Instance) -> Origin {
    Origin { instance: instance.id(), asked: vec![instance.used.span], declared: None, by_user: true }
}
