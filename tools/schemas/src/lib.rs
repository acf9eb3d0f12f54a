//! Writes the schemas that the phase `validate` of platformc uses.
//!
//! Two sources, one shape of output:
//!
//! * [`native`]: Kubernetes' own kinds, from the types of `k8s-openapi` (one version per build), what their
//!   schemas lack put right by [`mend`], what only the API server's code knows added from a table ([`additions`]).
//! * [`crd`]: custom kinds, from the CRD files of the projects.
//!
//! Both come out closed, without prose, with what they refer to inside, one line per file ([`write`]).

pub mod additions;
pub mod crd;
pub mod kinds;
pub mod mend;
pub mod native;
pub mod share;
pub mod write;

/// A schema, or a part of one, as an object of JSON.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// What goes wrong here goes wrong for a developer of platformc: a sentence is enough.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
