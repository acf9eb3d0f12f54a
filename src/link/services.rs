//! Services: each selects the pods of one workload, and these listen on its target ports.
//!
//! A Service without a selector (its endpoints are made by hand, or it is a name for a host outside) leads where nothing
//! here can tell.

use super::symbols::{Extent, Selector, Service, ServicePort, Symbols, Target, Workload};
use crate::diagnostic::{Code, Diagnostic, Severity, Sink, nearest as nearest_name};
use crate::source::{Node, Span};
use crate::validate::Object;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    for service in &symbols.services {
        let (Some(object), Some(selector)) = (service.made.object(), &service.selector) else { continue };
        let workloads = symbols.selected(&service.namespace, selector);
        match workloads.as_slice() {
            [] if symbols.may_be_made(&service.namespace, selector) => {}
            [] => sink.push(selects_nothing(symbols, service, selector, object)),
            [_] => {}
            [first, second, ..] => sink.push(selects_several(symbols, service, object, first, second)),
        }
        for (index, port) in service.ports.iter().enumerate() {
            let unanswered = workloads.iter().find(|workload| !answers(symbols, workload, port));
            sink_port(symbols, service, object, index, unanswered.copied(), sink);
        }
    }
}

fn selects_nothing(symbols: &Symbols, service: &Service, selector: &Selector, object: &Object) -> Diagnostic {
    let message = format!("{} selects no pod: none carries `{selector}`", service.title());
    let fault = symbols.absent(Code::SelectsNoPod, message, object, at(object, &["spec", "selector"]));
    nearest_pods(fault, symbols, &service.namespace, selector)
}

/// Says which workload shares the most labels with a selector, and where they differ.
pub fn nearest_pods(fault: Diagnostic, symbols: &Symbols, namespace: &str, selector: &Selector) -> Diagnostic {
    // The same label weighs more than one whose value is nearly the same.
    let shared = |workload: &Workload| -> usize {
        let weight = |(key, value): (&str, &str)| match workload.labels.get(key) {
            Some(has) if has == value => 2,
            Some(has) if nearest_name(value, [has.as_str()]).is_some() => 1,
            _ => 0,
        };
        selector.labels().map(weight).sum()
    };
    let nearest = symbols.workloads_in(namespace).filter(|workload| shared(workload) > 0);
    let Some(nearest) = nearest.max_by_key(|workload| shared(workload)) else { return fault };
    let labels: Vec<String> = nearest.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let fault = fault.note(format!("the pods of {} carry `{}`", nearest.title(), labels.join(", ")));
    nearest.made.beside(fault, "the nearest workload")
}

fn selects_several(
    symbols: &Symbols,
    service: &Service,
    object: &Object,
    first: &Workload,
    second: &Workload,
) -> Diagnostic {
    let message = format!("{} selects the pods of {} and of {}", service.title(), first.title(), second.title());
    let mut fault = symbols.fault(Code::SelectsSeveral, message, object, at(object, &["spec", "selector"]));
    if symbols.extent == Extent::Part {
        // Two versions behind one Service are how some deploy by hand: a canary beside the rest.
        fault.severity = Severity::Warning;
    }
    let fault = second.made.beside(first.made.beside(fault, "one of them"), "the other one");
    fault.help("select by a label that only one of them carries")
}

/// A number is answered wherever no port is declared: declaring one is documentation to Kubernetes (API docs,
/// "Container", `ports`). A name must be declared.
fn answers(symbols: &Symbols, workload: &Workload, port: &ServicePort) -> bool {
    match &port.target {
        Target::Number(number) => {
            let is_silent = symbols.extent == Extent::Part && workload.ports.is_empty();
            is_silent || workload.listens_on(*number, port.protocol)
        }
        Target::Name(name) => workload.port_named(name).is_some_and(|found| found.protocol == port.protocol),
    }
}

fn sink_port(
    symbols: &Symbols,
    service: &Service,
    object: &Object,
    index: usize,
    unanswered: Option<&Workload>,
    sink: &mut Sink,
) {
    let (Some(workload), Some(port)) = (unanswered, service.ports.get(index)) else { return };
    let protocol = port.protocol.as_str();
    let message = format!(
        "{} leads to port `{}`/{protocol}, on which {} does not listen",
        service.title(),
        port.target,
        workload.title()
    );
    let place = port_place(object, index);
    let fault = symbols.fault(Code::UnknownTargetPort, message, object, place);
    let fault = workload.made.beside(fault, "the pods behind it");
    sink.push(listening(fault, workload, &port.target));
}

/// Says on which ports the pods of a workload listen.
pub fn listening(fault: Diagnostic, workload: &Workload, wanted: &Target) -> Diagnostic {
    let told: Vec<String> = workload.ports.iter().map(ToString::to_string).collect();
    let fault = match told.is_empty() {
        true => fault.note(format!("{} declares no port", workload.title())),
        false => fault.note(format!("it listens on {}", told.join(", "))),
    };
    let names = workload.ports.iter().filter_map(|port| port.name.as_deref());
    fault.suggest(&wanted.to_string(), names)
}

fn port_place(object: &Object, index: usize) -> Span {
    let ports = object.node.get("spec").and_then(|spec| spec.get("ports")).and_then(Node::as_list);
    let port = ports.and_then(|ports| ports.get(index));
    let target = port.and_then(|port| port.get("targetPort").or_else(|| port.get("port")));
    target.or(port).map_or(object.node.span, |node| node.span)
}

/// The deepest node of a path that is there.
pub fn at(object: &Object, path: &[&str]) -> Span {
    let mut node = object.node;
    for key in path {
        match node.get(key) {
            Some(below) => node = below,
            None => break,
        }
    }
    node.span
}

#[cfg(test)]
mod tests {
    use crate::link::tests::{part, whole};

    /// A Service that selects pods which no manifest shows, beside an object of a custom kind.
    fn beside_resource(resource: &str) -> Vec<String> {
        let service = "apiVersion: v1\nkind: Service\nmetadata: {name: cache, namespace: shop}\n\
                       spec: {selector: {app: cache, cluster: main}, ports: [{port: 80}]}\n";
        part(&format!("{service}---\n{resource}"))
    }

    #[test]
    fn one_pod_of_a_stateful_set_can_be_selected() {
        let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: first, namespace: shop}\nspec:\n  \
                       selector: {app: web, statefulset.kubernetes.io/pod-name: web-0}\n  ports: [{port: 80, targetPort: http}]\n";
        let pods = PODS.replace("kind: Deployment", "kind: StatefulSet");
        assert_eq!(whole(&format!("{pods}{service}")), [""; 0]);
        assert_eq!(whole(&format!("{PODS}{service}")).len(), 1);
    }

    #[test]
    fn pods_that_an_operator_makes_are_made_elsewhere() {
        let resource = "apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: main, namespace: shop, labels: {LABELS}}\nspec: {selfSigned: {}}\n";
        assert_eq!(beside_resource(&resource.replace("LABELS", "app: cache")), [""; 0]);
        assert_eq!(beside_resource(&resource.replace("LABELS", "app: cash")).len(), 1);
        assert_eq!(beside_resource("").len(), 1);
    }

    const PODS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web:1, ports: [{name: http, containerPort: 8080}]}]}
";

    fn service(selector: &str, target: &str) -> String {
        let service = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop}}\nspec:\n  selector: {{app: {selector}}}\n  ports: [{{port: 80, targetPort: {target}}}]\n"
        );
        format!("{PODS}---\n{service}")
    }

    #[test]
    fn a_service_that_selects_pods_and_a_port_of_theirs_is_fine() {
        assert_eq!(whole(&service("web", "8080")), [""; 0]);
        assert_eq!(whole(&service("web", "http")), [""; 0]);
    }

    #[test]
    fn a_service_that_selects_no_pod_names_the_nearest() {
        assert_eq!(whole(&service("wbe", "8080")), ["E0612 Service shop/web selects no pod: none carries `app=wbe`"]);
    }

    #[test]
    fn among_some_manifests_the_pods_may_be_elsewhere() {
        assert_eq!(part(&service("wbe", "8080")), ["W0612 Service shop/web selects no pod: none carries `app=wbe`"]);
    }

    #[test]
    fn a_target_port_that_no_pod_listens_on_is_a_fault() {
        let fault = "E0614 Service shop/web leads to port `8081`/TCP, on which Deployment shop/web does not listen";
        assert_eq!(whole(&service("web", "8081")), [fault]);
        assert_eq!(part(&service("web", "8081")), [fault]);
    }
}
