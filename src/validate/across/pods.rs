//! Pods: their containers, volumes and claims against each other.

use std::collections::BTreeSet;

use super::place::Place;
use crate::json_schema::Fault;

/// The containers and init containers of a pod.
pub fn containers<'o>(pod: &Place<'o>) -> Vec<Place<'o>> {
    let spec = pod.field("spec");
    ["containers", "initContainers"].iter().flat_map(|list| spec.iter().flat_map(|spec| spec.items(list))).collect()
}

/// On the host's network a container port is the host's port.
pub fn host_ports(pod: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = pod.field("spec").filter(|spec| spec.get("hostNetwork").is_some_and(|it| it == true)) else {
        return;
    };
    for port in spec.items("containers").flat_map(|container| container.items("ports")) {
        let (Some(inner), Some(host)) = (port.number("containerPort"), port.field("hostPort")) else { continue };
        if host.value.as_i64().is_some_and(|host| host != 0 && host != inner) {
            faults.push(host.fault(format!("it must be the `containerPort`, {inner}, where `hostNetwork` is true")));
        }
    }
}

/// Devices are claims, and no volume is both a device and mounted.
pub fn devices(pod: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = pod.field("spec") else { return };
    for container in containers(pod) {
        let mounts: Vec<Place> = container.items("volumeMounts").collect();
        for device in container.items("volumeDevices") {
            let Some(name) = device.text("name") else { continue };
            let volume = spec.items("volumes").find(|volume| volume.text("name") == Some(name));
            let is_claim =
                |volume: &Place| ["persistentVolumeClaim", "ephemeral"].iter().any(|of| volume.get(of).is_some());
            if volume.is_some_and(|volume| !is_claim(&volume)) {
                faults.push(device.fault(format!("the volume `{name}` is no claim, and only a claim can be a device")));
            }
            if mounts.iter().any(|mount| mount.text("name") == Some(name)) {
                faults.push(device.fault(format!("the volume `{name}` is mounted in this container, too")));
            }
            let path = device.text("devicePath");
            if path.is_some() && mounts.iter().any(|mount| mount.text("mountPath") == path) {
                faults.push(device.fault("a volume is mounted at the same path"));
            }
        }
    }
}

/// A container uses claims of its pod.
pub fn claims(pod: &Place, faults: &mut Vec<Fault>) {
    for container in containers(pod) {
        for claim in container.field("resources").iter().flat_map(|resources| resources.items("claims")) {
            let Some(name) = claim.text("name") else { continue };
            let mut known = pod.field("spec").into_iter().flat_map(|spec| spec.items("resourceClaims"));
            if !known.any(|known| known.text("name") == Some(name)) {
                faults.push(claim.fault(format!("the pod has no entry `{name}` in `resourceClaims`")));
            }
        }
    }
}

const GRACE: i64 = 30;

/// A hook ends within the time that a pod has to end.
pub fn sleeps(pod: &Place, faults: &mut Vec<Fault>) {
    let grace = pod.field("spec").and_then(|spec| spec.number("terminationGracePeriodSeconds")).unwrap_or(GRACE);
    for container in containers(pod) {
        for hook in ["preStop", "postStart"] {
            let Some(sleep) = container.down(&["lifecycle", hook, "sleep", "seconds"]) else { continue };
            if sleep.value.as_i64().is_some_and(|seconds| seconds > grace) {
                faults.push(sleep.fault(format!("it is longer than `terminationGracePeriodSeconds`, {grace}")));
            }
        }
    }
}

/// No two files of a projected volume stand at one path.
pub fn projected(pod: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = pod.field("spec") else { return };
    for volume in spec.items("volumes").filter_map(|volume| volume.field("projected")) {
        let mut seen = BTreeSet::new();
        for source in volume.items("sources") {
            let sources = ["secret", "configMap", "downwardAPI"].into_iter().filter_map(|kind| source.field(kind));
            for item in sources.flat_map(|source| source.items("items")) {
                if item.text("path").is_some_and(|path| !seen.insert(path)) {
                    faults.push(item.fault("another file of this volume has the same path"));
                }
            }
        }
    }
}

const PROFILE: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Annotations for containers name containers.
pub fn profiles(pod: &Place, faults: &mut Vec<Fault>) {
    let Some(metadata) = pod.field("metadata") else { return };
    for (key, annotation) in metadata.entries("annotations") {
        let Some(name) = key.strip_prefix(PROFILE) else { continue };
        if !containers(pod).iter().any(|container| container.text("name") == Some(name)) {
            faults.push(annotation.fault(format!("the pod has no container `{name}`")));
        }
    }
}
