mod documents;
mod instances;
mod phase;
mod releases;
pub mod templates;
pub use phase::{Part, Rendered, RenderedFile, render};
pub use templates::Templates;
