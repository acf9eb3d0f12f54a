//! The level of the pod security standards that lets a pod be, and what keeps it from a stricter one (Kubernetes docs, "Pod
//! Security Standards", as of v1.37). It takes what the pod says; annotations of old for AppArmor it does not read.

use std::collections::BTreeSet;

use crate::component::interface::PodSecurity;
use crate::link::symbols::containers;
use crate::source::fields::{field, is_true, items, text};
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
const BASELINE_SYSCTLS: [&str; 10] = [
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
const BASELINE_SELINUX: [&str; 5] = ["", "container_engine_t", "container_init_t", "container_kvm_t", "container_t"];
/// Volumes that a `restricted` pod may have.
const RESTRICTED_VOLUMES: [&str; 8] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
/// Where a container may be asked from outside.
const HANDLERS: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

/// The strictest level that admits a pod's spec, and what the next stricter one minds.
pub fn level(spec: &Node) -> (PodSecurity, BTreeSet<String>) {
    for (level, stricter) in
        [(PodSecurity::Privileged, PodSecurity::Baseline), (PodSecurity::Baseline, PodSecurity::Restricted)]
    {
        let minded = minded(spec, stricter);
        if !minded.is_empty() {
            return (level, minded);
        }
    }
    (PodSecurity::Restricted, BTreeSet::new())
}

/// What keeps a pod's spec from a level.
pub fn minded(spec: &Node, level: PodSecurity) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if level < PodSecurity::Privileged {
        above_baseline(spec, &mut found);
    }
    if level < PodSecurity::Baseline {
        above_restricted(spec, &mut found);
    }
    found
}

fn above_baseline(spec: &Node, found: &mut BTreeSet<String>) {
    let mut add = |what: &str, applies: bool| found.extend(applies.then(|| what.to_owned()));
    ["hostNetwork", "hostPID", "hostIPC"].into_iter().for_each(|key| add(key, is_true(spec, &[key])));
    add("hostPath", items(spec, &["volumes"]).iter().any(|volume| volume.get("hostPath").is_some()));
    for sysctl in items(spec, &["securityContext", "sysctls"]) {
        let name = text(sysctl, &["name"]).unwrap_or_default();
        add(&format!("sysctl {name}"), !BASELINE_SYSCTLS.contains(&name));
    }
    spec.get("securityContext").into_iter().for_each(|context| weak_context(context, &mut add));
    containers(spec).for_each(|container| weak_container(container, &mut add));
}

fn weak_container(container: &Node, add: &mut impl FnMut(&str, bool)) {
    let has_host = |port: &Node| port.get("hostPort").is_some_and(|node| node.as_integer() != Some(0));
    add("hostPort", items(container, &["ports"]).iter().any(has_host));
    for name in items(container, &["securityContext", "capabilities", "add"]).iter().filter_map(Node::as_str) {
        add(&format!("capability {name}"), !BASELINE_CAPABILITIES.contains(&name));
    }
    add("privileged", is_true(container, &["securityContext", "privileged"]));
    add("procMount", text(container, &["securityContext", "procMount"]).is_some_and(|mount| mount != "Default"));
    let asks = HANDLERS.iter().filter_map(|path| field(container, path));
    let hosts = asks.flat_map(|ask| ["httpGet", "tcpSocket"].map(|way| text(ask, &[way, "host"])));
    add("host of a probe", hosts.flatten().any(|host| !host.is_empty()));
    container.get("securityContext").into_iter().for_each(|context| weak_context(context, add));
}

fn weak_context(context: &Node, add: &mut impl FnMut(&str, bool)) {
    add("hostProcess", is_true(context, &["windowsOptions", "hostProcess"]));
    for profile in ["seccompProfile", "appArmorProfile"] {
        add(profile, text(context, &[profile, "type"]) == Some("Unconfined"));
    }
    let of = |key| text(context, &["seLinuxOptions", key]).unwrap_or_default();
    let is_free = !of("user").is_empty() || !of("role").is_empty();
    add("seLinuxOptions", is_free || !BASELINE_SELINUX.contains(&of("type")));
}

fn above_restricted(spec: &Node, found: &mut BTreeSet<String>) {
    let mut add = |what: &str, applies: bool| found.extend(applies.then(|| what.to_owned()));
    let kinds = items(spec, &["volumes"]).iter().filter_map(Node::as_map).flat_map(|volume| volume.keys());
    for kind in kinds.filter(|kind| *kind != "name") {
        add(&format!("volume {kind}"), !RESTRICTED_VOLUMES.contains(&kind.as_str()));
    }
    add("runAsUser", field(spec, &["securityContext", "runAsUser"]).is_some_and(is_root));
    // Windows knows none of these three.
    let is_linux = text(spec, &["os", "name"]) != Some("windows");
    for container in containers(spec) {
        let of = |path: &[&str]| items(container, &[&["securityContext", "capabilities"], path].concat());
        let escalates = field(container, &["securityContext", "allowPrivilegeEscalation"]);
        add("allowPrivilegeEscalation", is_linux && escalates.is_none_or(|node| node.value != Value::Bool(false)));
        add("capabilities.drop", is_linux && !of(&["drop"]).iter().any(|name| name.as_str() == Some("ALL")));
        add("capabilities.add", is_linux && of(&["add"]).iter().any(|name| name.as_str() != Some("NET_BIND_SERVICE")));
        let own = |field| either(container, spec, field);
        add("runAsNonRoot", own("runAsNonRoot").is_none_or(|node| node.value != Value::Bool(true)));
        add("runAsUser", own("runAsUser").is_some_and(is_root));
        let seccomp = own("seccompProfile").and_then(|profile| text(profile, &["type"]));
        add("seccompProfile", is_linux && !matches!(seccomp, Some("RuntimeDefault" | "Localhost")));
    }
}

fn is_root(user: &Node) -> bool {
    user.as_integer() == Some(0)
}

/// The container's own word, else the pod's.
fn either<'n>(container: &'n Node, spec: &'n Node, key: &str) -> Option<&'n Node> {
    let word = |node: &'n Node| field(node, &["securityContext", key]).filter(|node| !node.is_null());
    word(container).or_else(|| word(spec))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sink;
    use crate::source::Sources;
    use crate::source::read::read;

    const STRICT: &str = "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n\
                          containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]\n";

    fn judged(spec: &str) -> (PodSecurity, BTreeSet<String>) {
        let mut sources = Sources::default();
        let file = sources.add("pod.yaml", spec);
        let documents = read(file, spec, &mut Sink::default());
        level(documents.first().expect("a document"))
    }

    fn of(spec: &str) -> PodSecurity {
        judged(spec).0
    }

    #[test]
    fn a_pod_that_says_all_is_restricted() {
        assert_eq!(of(STRICT), PodSecurity::Restricted);
        let windows = "os: {name: windows}\nsecurityContext: {runAsNonRoot: true}\ncontainers: [{name: a}]\n";
        assert_eq!(of(windows), PodSecurity::Restricted);
    }

    #[test]
    fn each_word_that_a_restricted_pod_must_say_counts() {
        for (word, other) in [
            ("runAsNonRoot: true", "runAsNonRoot: false"),
            ("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0"),
            ("runAsNonRoot: true", "runAsUser: 0, runAsNonRoot: true"),
            ("allowPrivilegeEscalation: false, ", "allowPrivilegeEscalation: false, seccompProfile: {}, "),
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

    #[test]
    fn it_says_what_the_stricter_level_refuses() {
        let found = |spec: &str| judged(spec).1.into_iter().collect::<Vec<_>>().join(", ");
        assert_eq!(found(STRICT), "");
        assert_eq!(found(&STRICT.replace("drop: [ALL]", "add: [CHOWN]")), "capabilities.add, capabilities.drop");
        assert_eq!(found(&format!("{STRICT}hostPID: true\nhostIPC: true\n")), "hostIPC, hostPID");
    }
}
