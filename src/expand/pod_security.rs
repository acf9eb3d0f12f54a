//! How much a hand-written pod does: the level of the pod security standards that lets it be (Kubernetes docs, "Pod Security
//! Standards", as of v1.37). It takes what the pod says; annotations of old for AppArmor it does not read.

use crate::component::interface::PodSecurity;
use crate::link::fields::{field, is_true, items, text};
use crate::link::symbols::{Pod, containers};
use crate::source::{Node, Value};

/// Capabilities that a container may add and be `baseline`.
const BASELINE_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

const SAFE_SYSCTLS: [&str; 10] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
];

const SELINUX_TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// Volumes that a `restricted` pod may have.
const VOLUMES: [&str; 8] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

/// The strictest level that admits a pod.
pub fn level(pod: Pod) -> PodSecurity {
    match (is_baseline(pod.spec), is_restricted(pod.spec)) {
        (true, true) => PodSecurity::Restricted,
        (true, false) => PodSecurity::Baseline,
        (false, _) => PodSecurity::Privileged,
    }
}

fn is_baseline(spec: &Node) -> bool {
    let of_host = ["hostNetwork", "hostPID", "hostIPC"].iter().any(|key| is_true(spec, &[key]));
    let has_host_path = items(spec, &["volumes"]).iter().any(|volume| volume.get("hostPath").is_some());
    let sysctls = items(spec, &["securityContext", "sysctls"]);
    let is_safe = |sysctl: &Node| text(sysctl, &["name"]).is_some_and(|name| SAFE_SYSCTLS.contains(&name));
    !of_host
        && !has_host_path
        && sysctls.iter().all(is_safe)
        && is_confined(spec)
        && containers(spec).all(|container| is_confined(container) && is_baseline_container(container))
}

fn is_baseline_container(container: &Node) -> bool {
    let context = |key| field(container, &["securityContext", key]);
    let ports = items(container, &["ports"]);
    let uses_host =
        ports.iter().any(|port| field(port, &["hostPort"]).is_some_and(|node| node.as_integer() != Some(0)));
    let is_privileged = is_true(container, &["securityContext", "privileged"]);
    let has_mount = context("procMount").and_then(Node::as_str).is_none_or(|mount| mount == "Default");
    !uses_host && !is_privileged && has_mount && adds_only(container, &BASELINE_CAPABILITIES) && asks_itself(container)
}

/// What a pod and each of its containers may say alike.
fn is_confined(holder: &Node) -> bool {
    let context = |path: [&str; 2]| text(holder, &["securityContext", path[0], path[1]]);
    let is_unconfined = |profile| context([profile, "type"]) == Some("Unconfined");
    let selinux = context(["seLinuxOptions", "type"]).is_none_or(|kind| SELINUX_TYPES.contains(&kind));
    let nobody = ["user", "role"].iter().all(|key| context(["seLinuxOptions", key]).is_none_or(str::is_empty));
    let is_process = is_true(holder, &["securityContext", "windowsOptions", "hostProcess"]);
    !is_unconfined("seccompProfile") && !is_unconfined("appArmorProfile") && selinux && nobody && !is_process
}

/// Probes and hooks of a container go to its own pod.
fn asks_itself(container: &Node) -> bool {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|key| container.get(key));
    let hooks = ["postStart", "preStop"].map(|key| field(container, &["lifecycle", key]));
    let host =
        |asks: &Node| ["httpGet", "tcpSocket"].iter().any(|way| text(asks, &[way, "host"]).is_some_and(is_named));
    !probes.into_iter().chain(hooks).flatten().any(host)
}

fn is_named(host: &str) -> bool {
    !host.is_empty()
}

fn adds_only(container: &Node, allowed: &[&str]) -> bool {
    let added = items(container, &["securityContext", "capabilities", "add"]);
    added.iter().filter_map(Node::as_str).all(|capability| allowed.contains(&capability))
}

fn is_restricted(spec: &Node) -> bool {
    let known = |key: &str| key == "name" || VOLUMES.contains(&key);
    let volumes = items(spec, &["volumes"]).iter().filter_map(Node::as_map);
    let root = field(spec, &["securityContext", "runAsUser"]).and_then(Node::as_integer) == Some(0);
    !root
        && volumes.flat_map(|volume| volume.keys()).all(|key| known(key))
        && containers(spec).all(|container| is_restricted_container(spec, container))
}

fn is_restricted_container(spec: &Node, container: &Node) -> bool {
    // A container's own word counts before that of its pod.
    let says = |path: &[&str]| {
        let path = [&["securityContext"], path].concat();
        field(container, &path).or_else(|| field(spec, &path))
    };
    let own = |path: &[&str]| field(container, &[&["securityContext"], path].concat());
    let escalates = own(&["allowPrivilegeEscalation"]).is_none_or(|node| node.value != Value::Bool(false));
    let drops = items(container, &["securityContext", "capabilities", "drop"]);
    let is_user = says(&["runAsNonRoot"]).is_some_and(|node| node.value == Value::Bool(true));
    let is_root = own(&["runAsUser"]).and_then(Node::as_integer) == Some(0);
    let profile = says(&["seccompProfile", "type"]).and_then(Node::as_str);
    !escalates
        && drops.iter().any(|capability| capability.as_str() == Some("ALL"))
        && adds_only(container, &["NET_BIND_SERVICE"])
        && is_user
        && !is_root
        && matches!(profile, Some("RuntimeDefault" | "Localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sink;
    use crate::source::Sources;
    use crate::source::read::read;

    const STRICT: &str = "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n\
                          containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]\n";

    fn of(spec: &str) -> PodSecurity {
        let mut sources = Sources::default();
        let file = sources.add("pod.yaml", spec);
        let documents = read(file, spec, &mut Sink::default());
        level(Pod { metadata: None, spec: documents.first().expect("a document") })
    }

    #[test]
    fn a_pod_that_says_all_is_restricted() {
        assert_eq!(of(STRICT), PodSecurity::Restricted);
    }

    #[test]
    fn each_word_that_a_restricted_pod_must_say_counts() {
        for (word, other) in [
            ("runAsNonRoot: true", "runAsNonRoot: false"),
            ("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0"),
            ("type: RuntimeDefault", "localhostProfile: x"),
            ("allowPrivilegeEscalation: false, ", ""),
            ("drop: [ALL]", "drop: [CHOWN]"),
            ("drop: [ALL]", "drop: [ALL], add: [CHOWN]"),
        ] {
            assert_eq!(of(&STRICT.replace(word, other)), PodSecurity::Baseline, "{other}");
        }
        assert_eq!(of(&format!("{STRICT}volumes: [{{name: a, nfs: {{}}}}]\n")), PodSecurity::Baseline);
    }

    #[test]
    fn what_is_of_the_host_is_privileged() {
        for more in [
            "hostNetwork: true",
            "hostPID: true",
            "volumes: [{name: a, hostPath: {path: /}}]",
            "initContainers: [{name: i, ports: [{containerPort: 80, hostPort: 80}]}]",
            "initContainers: [{name: i, securityContext: {privileged: true}}]",
            "initContainers: [{name: i, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]",
            "initContainers: [{name: i, securityContext: {procMount: Unmasked}}]",
            "initContainers: [{name: i, securityContext: {seccompProfile: {type: Unconfined}}}]",
            "initContainers: [{name: i, securityContext: {seLinuxOptions: {type: spc_t}}}]",
            "initContainers: [{name: i, livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}}]",
        ] {
            assert_eq!(of(&format!("{STRICT}{more}\n")), PodSecurity::Privileged, "{more}");
        }
        let sysctl = STRICT.replace("runAsNonRoot", "sysctls: [{name: kernel.msgmax, value: '1'}], runAsNonRoot");
        assert_eq!(of(&sysctl), PodSecurity::Privileged);
    }
}
