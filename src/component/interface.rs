//! The words of `component.yaml`, as they are once every expression has its value.
//!
//! In the file any scalar may be a text with `{{ … }}` instead, and every entry may carry `when` and `for`.

mod alert;
mod component;
mod network;
mod secret;
mod short;
mod values;
mod workload;

pub use alert::{Alert, AlertSeverity};
pub use component::{
    Chart, Constraint, ConstraintSeverity, Exports, File, FileUse, Ignored, Note, PodSecurity, Prerequisite, Provides,
    Requirement, Variable,
};
pub use network::{Flow, Many, Metric, Outside, Route, Service, ServicePort, Webhook};
pub use secret::{Secret, SecretKey, SecretKeys};
pub use values::{ChartValue, Meaning};
pub use workload::{By, Disruption, PodPort, Protocol, Scaling, ServiceAccount, Workload};
