//! A real Kubernetes API server, and on wish the controllers, the scheduler and pretended nodes, on loopback.
//!
//! No container runs and no NetworkPolicy is enforced; but objects are admitted, Deployments become ready, Services get
//! endpoints, PodDisruptionBudgets are counted.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};

use crate::trees::{Tree, files_below};
use crate::{Bench, Failed, process, root};

pub mod store;

/// What an API server needs.
pub const SERVER: &[&str] = &["etcd", "kube-apiserver", "kubectl"];
/// What a whole control plane needs, and what brings a tree to it.
pub const PLANE: &[&str] =
    &["etcd", "kube-apiserver", "kubectl", "kube-controller-manager", "kube-scheduler", "kwok", "helm", "helmfile"];

/// How long a program may take to be ready.
const PATIENCE: Duration = Duration::from_secs(90);

/// Autoscalers look every 15 s otherwise.
const SCALING: &str = "--horizontal-pod-autoscaler-sync-period=1s";
/// A machine that is busy for a minute is no reason to give a node up.
const NODES: &str = "--node-monitor-grace-period=1h";

/// Running programs; they end with it.
pub struct Server<'a> {
    bench: &'a Bench,
    folder: Utf8PathBuf,
    pub kubeconfig: Utf8PathBuf,
    /// Of the API server, and of etcd.
    address: String,
    store: String,
    children: Vec<(String, Child)>,
}

impl<'a> Server<'a> {
    /// etcd and the API server, with the CRDs of every kind that platformc knows.
    pub fn start(bench: &'a Bench, name: &str) -> Result<Self, Failed> {
        let server = Self::begin(bench, name, false)?;
        server.crds()?;
        Ok(server)
    }

    /// A whole control plane with three nodes, before anything is there: the CRDs are still to come.
    pub fn with_controllers(bench: &'a Bench, name: &str) -> Result<Self, Failed> {
        let mut server = Self::begin(bench, name, true)?;
        server.controllers()?;
        Ok(server)
    }

    /// `kubectl` of this server.
    pub fn kubectl(&self) -> Result<Command, Failed> {
        let mut command = self.bench.programs.command("kubectl")?;
        command.env("KUBECONFIG", &self.kubeconfig);
        Ok(command)
    }

    /// Creates an object, or several.
    pub fn create(&self, text: &str) -> Result<(), Failed> {
        let said = process::feed(self.kubectl()?.args(["create", "-f", "-"]), text)?;
        if said.succeeded { Ok(()) } else { Err(said.all().into()) }
    }

    /// Brings objects to a namespace.
    pub fn apply(&self, text: &str, namespace: &str) -> Result<(), Failed> {
        let apply = ["apply", "--server-side", "--namespace", namespace, "-f", "-"];
        process::feed_must(self.kubectl()?.args(apply), text)
    }

    /// Asks until the answer is yes.
    pub fn wait_for(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> Result<bool, Failed>) -> Result<(), Failed> {
        let began = Instant::now();
        while !is_so(self)? {
            self.all_alive()?;
            if began.elapsed() > PATIENCE {
                return Err(format!("{what}: not after {} s", PATIENCE.as_secs()).into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    fn begin(bench: &'a Bench, name: &str, controllers: bool) -> Result<Self, Failed> {
        let folder = bench.folder(&format!("server-{name}"))?;
        let kubeconfig = folder.join("kubeconfig");
        let (address, store) = (free_address()?, free_address()?);
        let mut server = Self { bench, folder, kubeconfig, address, store, children: Vec::new() };
        server.credentials()?;
        server.api(controllers)?;
        server.wait_for("the API server is ready", Self::is_ready)?;
        Ok(server)
    }

    fn is_ready(&self) -> Result<bool, Failed> {
        Ok(TcpStream::connect(&self.address).is_ok() && self.answers(&["get", "--raw", "/readyz"])?)
    }

    fn answers(&self, arguments: &[&str]) -> Result<bool, Failed> {
        Ok(process::run(self.kubectl()?.args(arguments))?.succeeded)
    }

    fn credentials(&self) -> Result<(), Failed> {
        let token = process::must(Command::new("openssl").args(["rand", "-hex", "24"]))?.trim().to_owned();
        let key = self.folder.join("service-accounts.key");
        let curve = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key.as_str()];
        process::must(Command::new("openssl").args(curve))?;
        std::fs::write(
            self.folder.join("tokens.csv"),
            format!("{token},conformance,conformance,\"system:masters\"\n"),
        )?;
        std::fs::write(&self.kubeconfig, kubeconfig(&self.address, &self.folder, &token))?;
        Ok(())
    }

    fn api(&mut self, controllers: bool) -> Result<(), Failed> {
        let (client, peer) = (format!("http://{}", self.store), format!("http://{}", free_address()?));
        let data = self.folder.join("etcd");
        self.launch(
            "etcd",
            &[
                &format!("--data-dir={data}"),
                &format!("--listen-client-urls={client}"),
                &format!("--advertise-client-urls={client}"),
                &format!("--listen-peer-urls={peer}"),
                &format!("--initial-advertise-peer-urls={peer}"),
                &format!("--initial-cluster=default={peer}"),
                "--unsafe-no-fsync",
                "--max-txn-ops=10000",
            ],
        )?;
        let port = self.address.rsplit(':').next().unwrap_or_default().to_owned();
        let (certificates, tokens) = (self.folder.join("certificates"), self.folder.join("tokens.csv"));
        let key = self.folder.join("service-accounts.key");
        let mut arguments = vec![
            format!("--etcd-servers={client}"),
            "--bind-address=127.0.0.1".to_owned(),
            format!("--secure-port={port}"),
            format!("--cert-dir={certificates}"),
            format!("--token-auth-file={tokens}"),
            "--authorization-mode=AlwaysAllow".to_owned(),
            "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
            format!("--service-account-key-file={key}"),
            format!("--service-account-signing-key-file={key}"),
            "--service-cluster-ip-range=10.0.0.0/16".to_owned(),
            "--endpoint-reconciler-type=none".to_owned(),
        ];
        if !controllers {
            // It asks for the ServiceAccount `default`, which a controller makes.
            arguments.push("--disable-admission-plugins=ServiceAccount".to_owned());
        }
        self.launch("kube-apiserver", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn crds(&self) -> Result<(), Failed> {
        // On the server's side: some are too long for the annotation that `kubectl apply` leaves.
        self.establish(&["apply", "--server-side"], &self.bench.programs.crds()?)
    }

    /// The CRDs that a user keeps beside `platform.yaml`.
    pub fn crds_of(&self, tree: &Tree) -> Result<(), Failed> {
        let mut files = files_below(&tree.platform)?;
        files.retain(|file| file.extension() == Some("yaml") && !file.starts_with(tree.platform.join("out")));
        files.retain(|file| {
            std::fs::read_to_string(file).is_ok_and(|text| text.contains("kind: CustomResourceDefinition"))
        });
        if tree.platform == root() || files.is_empty() { Ok(()) } else { self.establish(&["apply"], &files) }
    }

    /// Brings CRDs, and waits until the server knows them.
    pub fn establish(&self, apply: &[&str], files: &[Utf8PathBuf]) -> Result<(), Failed> {
        let given: Vec<&str> = files.iter().flat_map(|file| ["-f", file.as_str()]).collect();
        process::must(self.kubectl()?.args(apply).args(&given))?;
        let wait = ["wait", "--for=condition=Established", "--timeout=60s"];
        process::must(self.kubectl()?.args(wait).args(&given)).map(drop)
    }

    fn controllers(&mut self) -> Result<(), Failed> {
        let config = format!("--kubeconfig={}", self.kubeconfig);
        let key = format!("--service-account-private-key-file={}/service-accounts.key", self.folder);
        self.launch(
            "kube-controller-manager",
            &[&config, &key, "--leader-elect=false", "--secure-port=0", SCALING, NODES],
        )?;
        self.launch("kube-scheduler", &[&config, "--leader-elect=false", "--secure-port=0"])?;
        let stages = self.stages()?;
        let address = format!("--server-address={}", free_address()?);
        self.launch("kwok", &[&config, "--manage-all-nodes=true", &format!("--config={stages}"), &address])?;
        self.create(&["a", "b", "c"].map(node).join("---\n"))?;
        let ready = ["wait", "--for=condition=Ready", "node", "--all", "--timeout=60s"];
        process::must(self.kubectl()?.args(ready)).map(drop)
    }

    /// How kwok lets nodes and pods go on: its own stages for that, and one for pods of nobody that run once.
    fn stages(&self) -> Result<Utf8PathBuf, Failed> {
        let theirs = self.bench.programs.source("kwok")?.join("kustomize/stage");
        let mut text = String::new();
        for folder in ["node/fast", "node/heartbeat-with-lease", "pod/fast"] {
            for file in files_below(&theirs.join(folder))? {
                if file.extension() == Some("yaml") && file.file_name() != Some("kustomization.yaml") {
                    text += &format!("---\n{}\n", std::fs::read_to_string(file)?);
                }
            }
        }
        let path = self.folder.join("stages.yaml");
        std::fs::write(&path, text)?;
        Ok(path)
    }

    fn launch(&mut self, name: &str, arguments: &[&str]) -> Result<(), Failed> {
        let log = File::create(self.folder.join(format!("{name}.log")))?;
        let mut command = self.bench.programs.command(name)?;
        let command = command.args(arguments).stdin(std::process::Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.children.push((name.to_owned(), command.spawn()?));
        Ok(())
    }

    fn all_alive(&mut self) -> Result<(), Failed> {
        for (name, child) in &mut self.children {
            if let Some(status) = child.try_wait()? {
                let log = std::fs::read_to_string(self.folder.join(format!("{name}.log")))?;
                let end = log.lines().count().saturating_sub(5);
                let last: Vec<&str> = log.lines().skip(end).collect();
                return Err(format!("{name} ended ({status}):\n{}", last.join("\n")).into());
            }
        }
        Ok(())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        for (_, child) in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// With a port that nobody listens on now.
fn free_address() -> Result<String, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn kubeconfig(address: &str, folder: &Utf8Path, token: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: conformance\n\
         clusters: [{{name: conformance, cluster: {{server: 'https://{address}', certificate-authority: '{folder}/certificates/apiserver.crt'}}}}]\n\
         users: [{{name: conformance, user: {{token: {token}}}}}]\n\
         contexts: [{{name: conformance, context: {{cluster: conformance, user: conformance}}}}]\n"
    )
}

fn node(name: &str) -> String {
    let room = r#"{cpu: "32", memory: 256Gi, pods: "110"}"#;
    format!(
        "apiVersion: v1\nkind: Node\nmetadata:\n  name: node-{name}\n  annotations: {{kwok.x-k8s.io/node: fake}}\n  \
         labels: {{kubernetes.io/hostname: node-{name}, topology.kubernetes.io/zone: zone-{name}}}\n\
         status: {{allocatable: {room}, capacity: {room}}}\n"
    )
}
