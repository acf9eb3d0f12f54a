//! PrometheusRules: one per instance, with the labels that the stack's Prometheus selects.
//!
//! They hold what the component is watched for, and each of its autoscalers that can reach a limit. Nobody asks for an
//! alert, so without a monitoring all of them fall away quietly. Whether a query is PromQL is for promtool to say; here it
//! only is not empty.

use serde_json::{Value as Json, json};

use super::asked;
use super::files::Derived;
use super::plan::{Entries, Entry, Instance, Origin, PlannedFile, Scaled};
use super::roles::{MONITORING, provider};
use crate::component::interface::Alert;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;
use crate::schema::format;
use crate::source::{Node, NodePath};

/// The rule of one instance; none where nothing is watched, or nobody watches.
pub fn file(
    platform: &Platform,
    instances: &[Instance],
    instance: &Instance,
    alerts: &Entries<Alert>,
    scaled: &[&Scaled],
    sink: &mut Sink,
) -> Option<PlannedFile> {
    let monitoring = provider(instances, MONITORING)?;
    let scaled: Vec<&Scaled> = scaled.iter().copied().filter(|scaled| can_reach_its_limit(scaled)).collect();
    let origin = origin(alerts, &scaled)?;
    alerts.iter().for_each(|(id, alert)| Watched { platform, instance, id, alert }.check(sink));
    let facts = json!({
        "monitor": monitoring.exported_value("labels"),
        "alerts": alerts.iter().map(|(id, alert)| declared(instance, id, &alert.is)).collect::<Vec<_>>(),
        "autoscalers": scaled.iter().map(|scaled| autoscaler(scaled)).collect::<Vec<_>>(),
    });
    let derived = Derived {
        platform,
        kind: "prometheusrule",
        folder: "observability/rules",
        file: format!("{}-{}", instance.namespace, instance.used.name),
        name: &instance.used.name,
        namespace: Some(&instance.namespace),
        of: &instance.used.name,
    };
    Some(derived.file(facts, origin))
}

/// One whose least and most are the same is always at its limit.
fn can_reach_its_limit(scaled: &Scaled) -> bool {
    scaled.scaling.is.min < scaled.scaling.is.max
}

fn origin(alerts: &Entries<Alert>, scaled: &[&Scaled]) -> Option<Origin> {
    let origins = alerts.values().map(|alert| &alert.origin).chain(scaled.iter().map(|scaled| &scaled.scaling.origin));
    origins.cloned().reduce(|mut first, other| {
        first.join(&other);
        first
    })
}

/// An alert, and where it stands.
struct Watched<'w> {
    platform: &'w Platform,
    instance: &'w Instance<'w>,
    id: &'w str,
    alert: &'w Entry<Alert>,
}

impl Watched<'_> {
    /// What an expression gives is known only now.
    fn check(&self, sink: &mut Sink) {
        let Alert { query, lasts, .. } = &self.alert.is;
        if query.trim().is_empty() {
            sink.push(self.fault("query", format!("the alert `{}` has no query", self.id)));
        }
        if let Err(reason) = format::long_duration(lasts) {
            let message = format!("the alert `{}` lasts `{lasts}`, which is no duration: {reason}", self.id);
            sink.push(self.fault("lasts", message));
        }
    }

    /// A fault of one of its keys: at the option that it reads, else at what asked for the alert.
    fn fault(&self, key: &str, message: String) -> Diagnostic {
        let origin = &self.alert.origin;
        let id = self.id.split('.').next().unwrap_or(self.id);
        let written = self.instance.component.description.at(&NodePath::dotted("alerts").key(id).key(key));
        let text = written.and_then(Node::as_str);
        let option = text.and_then(|text| asked::option_in(text, origin, &self.platform.merged));
        let place = option.or(origin.place()).into_iter();
        let fault = place.fold(Diagnostic::new(Code::Evaluation, message), |fault, span| fault.at(span, ""));
        written.into_iter().fold(fault, |fault, node| fault.at(node.span, "declared here"))
    }
}

fn declared(instance: &Instance, id: &str, alert: &Alert) -> Json {
    json!({
        "name": camel(&format!("{}.{id}", instance.used.name)),
        "query": alert.query.trim(),
        "lasts": alert.lasts,
        "severity": alert.severity,
        "summary": alert.summary,
        "description": alert.description,
        "runbook": alert.runbook,
    })
}

fn autoscaler(scaled: &Scaled) -> Json {
    json!({
        "alert": camel(&format!("{}.atItsLimit", scaled.name)),
        "name": scaled.name,
        "max": scaled.scaling.is.max,
    })
}

/// `kpis-api.down` → `KpisApiDown`: names of alerts are written so.
fn camel(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric()).flat_map(capitalized).collect()
}

fn capitalized(word: &str) -> impl Iterator<Item = char> {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_alerts_are_one_word() {
        let names = ["kpis-api.down", "cart.serverDown", "queue.silent.orders_2"].map(camel);
        assert_eq!(names, ["KpisApiDown", "CartServerDown", "QueueSilentOrders2"]);
    }
}
