//! Which kinds get a schema: all that can stand in a manifest, in stable and beta groups.
//!
//! Not here: lists, reviews, subresources (`Binding`, `Eviction`, `Scale`, `TokenRequest`), `ComponentStatus` (read only), alpha.

use crate::native::Native;
use k8s_openapi::{api, apiextensions_apiserver, kube_aggregator};

/// Adds kinds to `$list`; a row is `module::{Kind, Kind}`, with a `#[cfg]` where only some Kubernetes versions have them.
macro_rules! kinds {
    ($($(#[$versions:meta])* $($path:ident)::+ :: { $($kind:ident),+ $(,)? })*) => {
        /// All kinds of the Kubernetes version of this build.
        pub fn kinds() -> Vec<Native> {
            let mut list = Vec::new();
            $($(#[$versions])* {
                use $($path)::+ as module;
                $(list.push(Native::of::<module::$kind>());)+
            })*
            list
        }
    };
}

kinds! {
    api::admissionregistration::v1::{
        MutatingWebhookConfiguration, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, ValidatingWebhookConfiguration,
    }
    #[cfg(any(feature = "v1_36", feature = "v1_37"))]
    api::admissionregistration::v1::{MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding}
    #[cfg(any(feature = "v1_34", feature = "v1_35", feature = "v1_36", feature = "v1_37"))]
    api::admissionregistration::v1beta1::{MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding}
    #[cfg(feature = "v1_33")]
    api::admissionregistration::v1beta1::{ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding}
    api::apps::v1::{ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet}
    api::autoscaling::v1::{HorizontalPodAutoscaler}
    api::autoscaling::v2::{HorizontalPodAutoscaler}
    api::batch::v1::{CronJob, Job}
    api::certificates::v1::{CertificateSigningRequest}
    #[cfg(feature = "v1_37")]
    api::certificates::v1::{ClusterTrustBundle, PodCertificateRequest}
    api::certificates::v1beta1::{ClusterTrustBundle}
    #[cfg(any(feature = "v1_35", feature = "v1_36", feature = "v1_37"))]
    api::certificates::v1beta1::{PodCertificateRequest}
    api::coordination::v1::{Lease}
    api::coordination::v1beta1::{LeaseCandidate}
    api::core::v1::{
        ConfigMap, Endpoints, Event, LimitRange, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod, PodTemplate,
        ReplicationController, ResourceQuota, Secret, Service, ServiceAccount,
    }
    api::discovery::v1::{EndpointSlice}
    api::events::v1::{Event}
    api::flowcontrol::v1::{FlowSchema, PriorityLevelConfiguration}
    api::networking::v1::{Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR}
    #[cfg(any(feature = "v1_33", feature = "v1_34", feature = "v1_35", feature = "v1_36"))]
    api::networking::v1beta1::{IPAddress, ServiceCIDR}
    api::node::v1::{RuntimeClass}
    api::policy::v1::{PodDisruptionBudget}
    api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding}
    #[cfg(any(feature = "v1_34", feature = "v1_35", feature = "v1_36", feature = "v1_37"))]
    api::resource::v1::{DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice}
    #[cfg(feature = "v1_37")]
    api::resource::v1::{DeviceTaintRule}
    api::resource::v1beta1::{ResourceClaim, ResourceSlice, DeviceClass, ResourceClaimTemplate}
    api::resource::v1beta2::{DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice}
    #[cfg(any(feature = "v1_36", feature = "v1_37"))]
    api::resource::v1beta2::{DeviceTaintRule}
    api::scheduling::v1::{PriorityClass}
    #[cfg(feature = "v1_37")]
    api::scheduling::v1beta1::{PodGroup, Workload}
    api::storage::v1::{CSIDriver, CSINode, CSIStorageCapacity, StorageClass, VolumeAttachment}
    #[cfg(any(feature = "v1_34", feature = "v1_35", feature = "v1_36", feature = "v1_37"))]
    api::storage::v1::{VolumeAttributesClass}
    #[cfg(any(feature = "v1_33", feature = "v1_34", feature = "v1_35", feature = "v1_36"))]
    api::storage::v1beta1::{VolumeAttributesClass}
    #[cfg(feature = "v1_37")]
    api::storagemigration::v1::{StorageVersionMigration}
    #[cfg(any(feature = "v1_35", feature = "v1_36", feature = "v1_37"))]
    api::storagemigration::v1beta1::{StorageVersionMigration}
    apiextensions_apiserver::pkg::apis::apiextensions::v1::{CustomResourceDefinition}
    kube_aggregator::pkg::apis::apiregistration::v1::{APIService}
}
