//! What must be so of a tree that has come to a cluster.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use platformc::diagnostic::Sink;
use platformc::link::symbols::{Service, Symbols, Target, Workload};
use platformc::source::Sources;
use platformc::world::Disk;
use serde_json::Value;

use crate::manifests::identity;
use crate::server::Server;
use crate::trees::Tree;
use crate::{Failed, process, root};

/// How long controllers may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// All that is looked at.
const KINDS: &str = "deployments,statefulsets,services,endpointslices,poddisruptionbudgets,horizontalpodautoscalers,pods,\
                     secrets";

/// What does not hold, when nothing changes for the better any more.
pub fn wait(server: &Server, tree: &Tree) -> Result<Vec<String>, Failed> {
    let (links, began, objects) = (links(tree)?, Instant::now(), tree.objects()?);
    loop {
        let seen = Seen::of(server)?;
        let findings: Vec<String> = objects.iter().flat_map(|object| judged(&seen, object, &links)).collect();
        if findings.is_empty() || began.elapsed() > PATIENCE {
            return Ok(findings);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// What the linker says of one Service: `namespace/name`, the workloads behind it and their ports.
type Link = (String, BTreeSet<String>);

fn links(tree: &Tree) -> Result<Vec<Link>, Failed> {
    let files = tree.manifests()?;
    let paths: Vec<_> = files.iter().map(|file| file.as_path()).collect();
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let links = platformc::lint::inspect(&Disk::at(root()), &paths, &mut sources, &mut sink, |symbols| {
        symbols.services.iter().filter_map(|service| link(symbols, service)).collect()
    });
    if sink.has_errors() { Err(format!("the manifests of {} have faults", tree.name).into()) } else { Ok(links) }
}

fn link(symbols: &Symbols, service: &Service) -> Option<Link> {
    service.made.object()?;
    let workloads = service.selector.as_ref().map(|selector| symbols.selected(&service.namespace, selector));
    let ends = workloads.into_iter().flatten().flat_map(|workload| {
        service.ports.iter().filter_map(|port| {
            let (number, protocol) = (number(workload, &port.target)?, port.protocol.as_str());
            Some(format!("{} {}:{number}/{protocol}", workload.kind, workload.name))
        })
    });
    Some((format!("{}/{}", service.namespace, service.name), ends.collect()))
}

fn number(workload: &Workload, target: &Target) -> Option<u16> {
    match target {
        Target::Number(number) => Some(*number),
        Target::Name(name) => workload.port_named(name).map(|port| port.number),
    }
}

/// What the cluster has.
struct Seen(Vec<Value>);

impl Seen {
    fn of(server: &Server) -> Result<Self, Failed> {
        let said = process::must(server.kubectl()?.args(["get", KINDS, "--all-namespaces", "--output", "json"]))?;
        let list: Value = serde_json::from_str(&said)?;
        Ok(Self(list["items"].as_array().cloned().unwrap_or_default()))
    }

    fn of_kind<'a>(&'a self, kind: &'a str, namespace: &'a Value) -> impl Iterator<Item = &'a Value> {
        self.0.iter().filter(move |object| object["kind"] == kind && object["metadata"]["namespace"] == *namespace)
    }

    fn named<'a>(&'a self, kind: &'a str, namespace: &'a Value, name: &'a Value) -> Option<&'a Value> {
        self.of_kind(kind, namespace).find(|object| object["metadata"]["name"] == *name)
    }

    /// `Deployment api` of a pod.
    fn maker(&self, namespace: &Value, pod: &Value) -> Option<String> {
        let pod = self.named("Pod", namespace, pod)?;
        let owner = pod.pointer("/metadata/ownerReferences/0")?;
        let (kind, name) = (owner["kind"].as_str()?, owner["name"].as_str()?);
        let hash = pod.pointer("/metadata/labels/pod-template-hash").and_then(Value::as_str);
        Some(match hash.and_then(|hash| name.strip_suffix(hash)) {
            Some(name) => format!("Deployment {}", name.trim_end_matches('-')),
            None => format!("{kind} {name}"),
        })
    }

    /// Where the endpoints of a Service lead, as a [`Link`] says it.
    fn ends(&self, service: &Value) -> BTreeSet<String> {
        let (namespace, name) = (&service["metadata"]["namespace"], &service["metadata"]["name"]);
        let slices = self.of_kind("EndpointSlice", namespace);
        let slices = slices.filter(|slice| slice["metadata"]["labels"]["kubernetes.io/service-name"] == *name);
        let ends = slices.flat_map(|slice| {
            let is_ready = |endpoint: &&Value| endpoint["conditions"]["ready"] == true;
            let ready = items(&slice["endpoints"]).iter().filter(is_ready);
            let makers = ready.filter_map(|endpoint| self.maker(namespace, &endpoint["targetRef"]["name"]));
            makers.flat_map(|maker| {
                let end = move |port: &Value| {
                    let protocol = port["protocol"].as_str().unwrap_or_default();
                    format!("{maker}:{}/{protocol}", port["port"])
                };
                items(&slice["ports"]).iter().map(end)
            })
        });
        ends.collect()
    }
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn judged(seen: &Seen, object: &Value, links: &[Link]) -> Vec<String> {
    let (kind, namespace) = (object["kind"].as_str().unwrap_or_default(), &object["metadata"]["namespace"]);
    let judge: fn(&Seen, &Value, &[Link]) -> Vec<String> = match kind {
        "Deployment" | "StatefulSet" => workload,
        "Service" => service,
        "PodDisruptionBudget" => budget,
        "HorizontalPodAutoscaler" => autoscaler,
        _ => return Vec::new(),
    };
    let Some(found) = seen.named(kind, namespace, &object["metadata"]["name"]) else {
        return vec![format!("{} is not there", identity(object))];
    };
    let of = |finding: String| format!("{} {finding}", identity(object));
    judge(seen, found, links).into_iter().map(of).collect()
}

fn workload(seen: &Seen, found: &Value, _: &[Link]) -> Vec<String> {
    let (status, wanted) = (&found["status"], &found["spec"]["replicas"]);
    let is_ready = status["readyReplicas"] == *wanted && status["updatedReplicas"] == *wanted;
    let is_current = status["observedGeneration"] == found["metadata"]["generation"];
    let not_ready = (!is_ready || !is_current).then(|| format!("is not ready: {status}"));
    not_ready.into_iter().chain(secrets(seen, found)).collect()
}

/// The keys of Secrets of the cluster that its containers ask for: pretended nodes do not look.
fn secrets(seen: &Seen, found: &Value) -> Vec<String> {
    let containers = items(&found["spec"]["template"]["spec"]["containers"]).iter();
    let variables = containers.flat_map(|container| items(&container["env"]));
    let asked = variables.filter_map(|variable| variable.pointer("/valueFrom/secretKeyRef"));
    let lacks = |asked: &&Value| {
        let secret = seen.named("Secret", &found["metadata"]["namespace"], &asked["name"]);
        let key = asked["key"].as_str().unwrap_or_default();
        secret.is_some_and(|secret| secret["data"][key].is_null())
    };
    asked.filter(lacks).map(|asked| format!("asks for a key that no Secret has: {asked}")).collect()
}

fn service(seen: &Seen, found: &Value, links: &[Link]) -> Vec<String> {
    let text = |key: &str| found["metadata"][key].as_str().unwrap_or_default();
    let called = format!("{}/{}", text("namespace"), text("name"));
    let Some((_, expected)) = links.iter().find(|(name, _)| *name == called) else {
        return vec!["is not known to the linker".to_owned()];
    };
    let ends = seen.ends(found);
    let differs = || format!("leads to {ends:?}; the linker says {expected:?}");
    if ends == *expected { Vec::new() } else { vec![differs()] }
}

fn budget(_: &Seen, found: &Value, _: &[Link]) -> Vec<String> {
    let allows = found["status"]["disruptionsAllowed"].as_i64().unwrap_or_default() >= 1;
    if allows { Vec::new() } else { vec![format!("allows no disruption: {}", found["status"])] }
}

/// Its target is found and has pods by its selector. Nothing measures here, so whether it would scale is not known.
fn autoscaler(seen: &Seen, found: &Value, _: &[Link]) -> Vec<String> {
    let conditions = items(&found["status"]["conditions"]);
    let is_able =
        conditions.iter().any(|condition| condition["type"] == "AbleToScale" && condition["status"] == "True");
    let target = &found["spec"]["scaleTargetRef"];
    let kind = target["kind"].as_str().unwrap_or_default();
    let target = seen.named(kind, &found["metadata"]["namespace"], &target["name"]);
    let is_least =
        target.is_some_and(|target| target["spec"]["replicas"].as_i64() >= found["spec"]["minReplicas"].as_i64());
    if is_able && is_least { Vec::new() } else { vec![format!("does not scale its target: {}", found["status"])] }
}
