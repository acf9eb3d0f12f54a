//! A cluster as a peer gets it, with our answer about it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use platformc::world::{Disk, Memory};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::answer::Answer;
use super::cluster::{ADDRESSES, Cluster, cluster};
use crate::Failed;
use crate::trees::Tree;

pub struct Scene {
    pub name: String,
    /// With its labels, that of its name too.
    pub namespaces: BTreeMap<String, Value>,
    /// By what our answer calls it; none is on the network of its node.
    pub pods: BTreeMap<String, Value>,
    pub policies: Vec<Value>,
    pub addresses: Vec<String>,
    pub answer: Answer,
    /// Every so many packets one is asked about: between pods, with addresses.
    pub steps: (usize, usize),
}

/// What was made: all programs are asked about the same. Nobody waits for it; who finds nothing makes it.
#[derive(Default)]
pub struct Scenes(Mutex<BTreeMap<String, Arc<Vec<Scene>>>>);

impl Scenes {
    /// The one of a tree.
    pub fn of_tree(&self, tree: &Tree) -> Result<Arc<Vec<Scene>>, Failed> {
        self.get(&tree.name, || Ok(vec![Scene::of_tree(tree)?]))
    }

    /// Of so many random clusters.
    pub fn random(&self, count: usize) -> Result<Arc<Vec<Scene>>, Failed> {
        self.get("random clusters", || {
            let clusters = random(count)?;
            clusters.par_iter().enumerate().map(|(number, cluster)| Scene::of_cluster(number, cluster)).collect()
        })
    }

    fn get(&self, name: &str, make: impl FnOnce() -> Result<Vec<Scene>, Failed>) -> Result<Arc<Vec<Scene>>, Failed> {
        if let Some(scenes) = self.made().get(name) {
            return Ok(Arc::clone(scenes));
        }
        let scenes = Arc::new(make()?);
        self.made().insert(name.to_owned(), Arc::clone(&scenes));
        Ok(scenes)
    }

    fn made(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Vec<Scene>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Scene {
    /// Workloads are those of our answer, of which charts bring the most; policies and namespaces are read from the tree.
    fn of_tree(tree: &Tree) -> Result<Self, Failed> {
        let environment = tree.path.strip_prefix(tree.platform.join("out"))?;
        let environment = Some(environment.as_str()).filter(|name| !name.is_empty());
        let answer = Answer::of(&Disk::at(&tree.platform), environment, &[])?;
        let pods = answer.workloads.iter().enumerate().map(|(index, workload)| pod(index, workload));
        let pods = pods.filter(|(_, pod)| pod["spec"]["hostNetwork"] != true).collect();
        let objects = tree.objects()?;
        let scene = Self::new(tree.name.clone(), &objects, pods, answer);
        Ok(Self { steps: (1, 1), ..scene })
    }

    fn of_cluster(number: usize, cluster: &Cluster) -> Result<Self, Failed> {
        let all = [&cluster.namespaces, &cluster.pods, &cluster.policies].into_iter().flatten();
        let text: Vec<String> = all.map(|object| format!("---\n{object}\n")).collect();
        let world = Memory::with([("cluster/all.yaml", text.concat())]);
        let answer = Answer::of(&world, None, &["cluster"])?;
        let pods = cluster.pods.iter().filter(|pod| pod["spec"]["hostNetwork"] == false);
        let pods = pods.map(|pod| (format!("{}/{}", text_of(pod, "namespace"), text_of(pod, "name")), stored(pod)));
        let pods = pods.collect();
        let objects: Vec<Value> = cluster.namespaces.iter().chain(&cluster.policies).cloned().collect();
        let scene = Self::new(format!("cluster {number}"), &objects, pods, answer);
        // Prime, and no divisor of the number of ports or addresses: each cluster is asked about other ones.
        Ok(Self { steps: (11, 101), ..scene })
    }

    fn new(name: String, objects: &[Value], pods: BTreeMap<String, Value>, answer: Answer) -> Self {
        let of = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind).cloned();
        let policies: Vec<Value> = of("NetworkPolicy").map(|policy| stored_policy(&policy)).collect();
        let known = of("Namespace").map(|namespace| (named(&namespace), namespace["metadata"]["labels"].clone()));
        let known: BTreeMap<String, Value> = known.collect();
        let used = pods.values().chain(&policies).map(|object| text_of(object, "namespace").to_owned());
        let used: BTreeSet<String> = used.chain(known.keys().cloned()).collect();
        let labels = |name: &String| {
            let mut labels = known.get(name).filter(|labels| labels.is_object()).cloned().unwrap_or_else(|| json!({}));
            labels["kubernetes.io/metadata.name"] = json!(name);
            labels
        };
        let namespaces = used.iter().map(|name| (name.clone(), labels(name))).collect();
        let addresses = ADDRESSES.iter().map(|text| (*text).to_owned()).chain(ends_of_blocks(&policies)).collect();
        Self { name, namespaces, pods, policies, addresses, answer, steps: (1, 1) }
    }
}

/// Always the same.
fn random(count: usize) -> Result<Vec<Cluster>, Failed> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = cluster();
    let mut new =
        || strategy.new_tree(&mut runner).map(|tree| tree.current()).map_err(|error| error.to_string().into());
    (0..count).map(|_| new()).collect()
}

/// A pod of a workload, under the name that our answer gives it.
fn pod(index: usize, workload: &Value) -> (String, Value) {
    let listed = workload["ports"].as_array().into_iter().flatten();
    let ports: Vec<Value> = listed
        .map(|port| json!({"containerPort": port["port"], "protocol": port["protocol"], "name": port["name"]}))
        .collect();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": format!("pod-{index}"), "namespace": workload["namespace"], "labels": workload["labels"]},
        "spec": {"hostNetwork": workload["hostNetwork"], "containers": [{"name": "main", "image": "main:1", "ports": ports}]},
    });
    (workload["workload"].as_str().unwrap_or_default().to_owned(), pod)
}

/// A pod as the API server stores it.
fn stored(pod: &Value) -> Value {
    let mut pod = pod.clone();
    let ports = pod.pointer_mut("/spec/containers/0/ports").and_then(Value::as_array_mut);
    ports.into_iter().flatten().for_each(default_protocol);
    pod
}

/// "If policyTypes are not specified on a NetworkPolicy then by default Ingress will always be set and Egress will be set if the
/// NetworkPolicy has any egress rules."
fn stored_policy(policy: &Value) -> Value {
    let mut policy = policy.clone();
    let spec = &mut policy["spec"];
    if spec["podSelector"].is_null() {
        spec["podSelector"] = json!({});
    }
    let is_empty = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
    if is_empty(&spec["policyTypes"]) {
        spec["policyTypes"] = if is_empty(&spec["egress"]) { json!(["Ingress"]) } else { json!(["Ingress", "Egress"]) };
    }
    for section in ["ingress", "egress"] {
        let rules = spec[section].as_array_mut().into_iter().flatten();
        let ports = rules.filter_map(|rule| rule.get_mut("ports")?.as_array_mut()).flatten();
        ports.for_each(default_protocol);
    }
    if let Some(spec) = spec.as_object_mut() {
        spec.retain(|_, value| !value.is_null());
    }
    policy
}

fn default_protocol(port: &mut Value) {
    if port["protocol"].is_null() {
        port["protocol"] = json!("TCP");
    }
}

/// The first address of each range and of what it leaves out.
fn ends_of_blocks(policies: &[Value]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for block in policies.iter().flat_map(|policy| blocks(&policy["spec"])) {
        let except = block["except"].as_array().into_iter().flatten();
        let all = except.chain([&block["cidr"]]).filter_map(Value::as_str);
        found.extend(all.filter_map(|cidr| cidr.split('/').next()).map(str::to_owned));
    }
    found
}

/// Every `ipBlock` below.
fn blocks(json: &Value) -> Vec<&Value> {
    match json {
        Value::Object(map) => {
            let below = map.iter().filter(|(key, _)| *key != "ipBlock").flat_map(|(_, value)| blocks(value));
            map.get("ipBlock").into_iter().chain(below).collect()
        }
        Value::Array(list) => list.iter().flat_map(blocks).collect(),
        _ => vec![],
    }
}

pub fn text_of<'v>(object: &'v Value, key: &str) -> &'v str {
    object["metadata"][key].as_str().unwrap_or_default()
}

fn named(object: &Value) -> String {
    text_of(object, "name").to_owned()
}
