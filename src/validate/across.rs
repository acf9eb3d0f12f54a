//! What the API server checks across fields, and no schema says: amounts against amounts, names against names.
//!
//! Takes an object as it would be sent; gives what is wrong with it, in every version of Kubernetes that there is a schema
//! for. A value that the schema refuses is no matter of these rules: they pass over it. One line of [`RULES`] is one rule; what
//! two objects say of each other is for the link step.

mod custom;
mod data;
mod expressions;
mod jobs;
mod networks;
mod place;
mod pods;
mod resources;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use self::place::Place;
use super::pods::way_to_pod;
use crate::json_schema::Fault;

/// What a rule is about.
enum Of {
    Any,
    /// Kinds with their groups.
    Kinds(&'static [&'static str]),
    /// Pods and what makes them: the rule gets what holds the pod's `metadata` and `spec`.
    Pods,
    /// Containers and init containers of all of these.
    Containers,
    /// Jobs and what makes them: the rule gets the Job's `spec`.
    Jobs,
}

struct Rule {
    of: Of,
    check: fn(&Place, &mut Vec<Fault>),
    /// Where the Kubernetes documentation says so; "validation" where only the API server's answer does.
    #[allow(dead_code, reason = "for the reader")]
    source: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        of: Of::Any,
        check: data::annotations,
        source: "Concepts, Annotations (validation: at most 256 KiB together)",
    },
    Rule {
        of: Of::Pods,
        check: pods::host_ports,
        source: "core/v1 ContainerPort.hostPort: with hostNetwork, containerPort",
    },
    Rule {
        of: Of::Pods,
        check: pods::devices,
        source: "core/v1 Container.volumeDevices (validation: claims only, one use)",
    },
    Rule {
        of: Of::Pods,
        check: pods::claims,
        source: "core/v1 ResourceClaim.name: an entry of pod.spec.resourceClaims",
    },
    Rule { of: Of::Pods, check: pods::sleeps, source: "Concepts, Container Lifecycle Hooks: within the grace period" },
    Rule { of: Of::Pods, check: pods::projected, source: "Concepts, Projected Volumes (validation: no path twice)" },
    Rule {
        of: Of::Pods,
        check: pods::profiles,
        source: "Tutorials, AppArmor: annotations name containers (validation)",
    },
    Rule {
        of: Of::Containers,
        check: resources::of_container,
        source: "Concepts, Resource Management: requests and limits",
    },
    Rule {
        of: Of::Kinds(&["Deployment.apps"]),
        check: jobs::deadline,
        source: "apps/v1 DeploymentSpec.progressDeadlineSeconds (validation: above minReadySeconds)",
    },
    Rule { of: Of::Jobs, check: jobs::failure_policy, source: "batch/v1 PodFailurePolicyOnExitCodesRequirement" },
    Rule {
        of: Of::Kinds(&["CronJob.batch"]),
        check: jobs::schedule,
        source: "Concepts, CronJob: schedule syntax, time zones",
    },
    Rule {
        of: Of::Kinds(&["LimitRange"]),
        check: resources::of_limit_range,
        source: "Concepts, Limit Ranges (validation)",
    },
    Rule {
        of: Of::Kinds(&["NetworkPolicy.networking.k8s.io"]),
        check: networks::check,
        source: "networking.k8s.io/v1 NetworkPolicyPort.endPort, IPBlock.except",
    },
    Rule {
        of: Of::Kinds(&["ConfigMap"]),
        check: data::config_map,
        source: "core/v1 ConfigMap.binaryData; at most 1 MiB",
    },
    Rule { of: Of::Kinds(&["Secret"]), check: data::secret, source: "Concepts, Secrets: types; at most 1 MiB" },
    Rule {
        of: Of::Kinds(&["CustomResourceDefinition.apiextensions.k8s.io"]),
        check: custom::definition,
        source: "Tasks, Extend the API with CRDs: name, structural schemas, defaulting",
    },
    Rule {
        of: Of::Kinds(&[
            "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
            "MutatingWebhookConfiguration.admissionregistration.k8s.io",
        ]),
        check: custom::webhooks,
        source: "admissionregistration.k8s.io/v1 Rule.resources: with wildcards, no overlap",
    },
    Rule {
        of: Of::Kinds(&["CustomResourceDefinition.apiextensions.k8s.io"]),
        check: expressions::of_definition,
        source: "Tasks, Extend the API with CRDs: validation rules",
    },
    Rule {
        of: Of::Kinds(&[
            "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
            "MutatingWebhookConfiguration.admissionregistration.k8s.io",
            "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
            "MutatingAdmissionPolicy.admissionregistration.k8s.io",
        ]),
        check: expressions::of_admission,
        source: "Reference, Common Expression Language in Kubernetes",
    },
];

/// Everything that is wrong with an object.
pub fn faults(group: &str, kind: &str, json: &Json) -> Vec<Fault> {
    let is = |known: &&str| *known == kind && group.is_empty() || known.split_once('.') == Some((kind, group));
    let mut faults = vec![];
    let root = Place::root(json);
    let pod = way_to_pod(group, kind).and_then(|way| root.down(way));
    for rule in RULES {
        match &rule.of {
            Of::Any => (rule.check)(&root, &mut faults),
            Of::Kinds(kinds) if kinds.iter().any(is) => (rule.check)(&root, &mut faults),
            Of::Kinds(_) => {}
            Of::Pods => pod.iter().for_each(|pod| (rule.check)(pod, &mut faults)),
            Of::Containers => pod.iter().flat_map(pods::containers).for_each(|place| (rule.check)(&place, &mut faults)),
            Of::Jobs => job(group, kind, &root).iter().for_each(|job| (rule.check)(job, &mut faults)),
        }
    }
    faults
}

fn job<'o>(group: &str, kind: &str, root: &Place<'o>) -> Option<Place<'o>> {
    match (group, kind) {
        ("batch", "Job") => root.down(&["spec"]),
        ("batch", "CronJob") => root.down(&["spec", "jobTemplate", "spec"]),
        _ => None,
    }
}
