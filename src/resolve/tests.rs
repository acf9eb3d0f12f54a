mod faults;
mod overlays;
mod published;
mod robust;
mod whole;

use super::{Platform, environments, resolve};
use crate::component::Catalog;
use crate::diagnostic::Sink;
use crate::load::Document;
use crate::schema::check::tests::told;
use crate::source::{Sources, read::read};
use crate::world::Memory;

const CAPABILITIES: &str = "
dataIntegration: {summary: Moves data}
orchestration: {summary: Runs pipelines}
";

const MOVER: &str = "
component: mover
provides: {capability: dataIntegration}
summary: Moves data
chart: {repository: https://charts.example.com, name: mover, version: 1.0.0}
collections:
  connections: {type: object, required: [id], properties: {id: {type: string}}}
options:
  type: object
  properties:
    host: {type: string, format: host, default: mover}
    database:
      type: object
      default: {}
      properties: {host: {type: string, format: host}, port: {type: integer, default: 5432}}
    storage:
      type: object
      x-short: type
      default: {}
      properties: {type: {type: string, default: local}}
      x-variants:
        local: {properties: {size: {type: string, format: quantity, default: 10Gi}}}
        s3: {required: [bucket], properties: {bucket: {type: string}, region: {type: string}}}
";

const SHOVER: &str = "
component: shover
provides: {capability: dataIntegration}
summary: Moves data otherwise
collections:
  connections: {type: object, x-short: address, properties: {address: {type: string}}}
options:
  type: object
  required: [token]
  properties: {token: {type: string, description: The way in}, host: {type: string}}
";

const RUNNER: &str = "
component: runner
provides: {capability: orchestration}
summary: Runs pipelines
collections:
  pipelines:
    type: object
    required: [steps]
    properties:
      schedule: {type: string, format: cron}
      steps: {type: array, minItems: 1, items: {type: object, x-one-of: [sync], properties: {sync: {type: string, x-refers-to: dataIntegration.connections}}}}
";

const SERVICE: &str = "
component: service
provides: {collection: services}
summary: A container of your own
options:
  type: object
  required: [namespace, image]
  properties:
    namespace: {type: string, format: name}
    image: {type: string, format: image}
    port: {type: integer, minimum: 1, maximum: 65535}
    env: {type: object, default: {}, additionalProperties: {type: string, x-as-written: true}}
    scale: {type: object, required: [max], properties: {min: {type: integer, default: 2}, max: {type: integer}}}
    route: {type: object, x-short: host, required: [host], properties: {host: {type: string, format: host}, path: {type: string, default: /}}}
";

/// Four components of no real product.
fn catalog(sources: &mut Sources) -> Catalog {
    let world = Memory::with([
        ("templates/capabilities.yaml", CAPABILITIES),
        ("templates/mover/component.yaml", MOVER),
        ("templates/shover/component.yaml", SHOVER),
        ("templates/runner/component.yaml", RUNNER),
        ("templates/service/component.yaml", SERVICE),
    ]);
    let mut sink = Sink::default();
    let catalog = Catalog::of_user(&world, sources, &mut sink);
    assert!(sink.is_empty(), "{}", told(sink.iter(), sources).join("\n"));
    catalog
}

struct Resolved {
    platforms: Vec<Option<Platform>>,
    faults: Vec<String>,
    sources: Sources,
}

/// Every environment of a text, and what was told.
fn resolved(text: &str) -> Resolved {
    let mut sources = Sources::default();
    let catalog = catalog(&mut sources);
    let mut sink = Sink::default();
    let document = document(text, &mut sources);
    let names = environments(&document);
    let platforms = match names.is_empty() {
        true => vec![resolve(&document, &catalog, None, &mut sink)],
        false => names.iter().map(|name| resolve(&document, &catalog, Some(name), &mut sink)).collect(),
    };
    let faults = told(&sink.into_sorted(), &sources);
    Resolved { platforms, faults, sources }
}

fn document(text: &str, sources: &mut Sources) -> Document {
    let file = sources.add("platform.yaml", text);
    let mut sink = Sink::default();
    let root = read(file, text, &mut sink).into_iter().next().expect("a document");
    assert!(sink.is_empty(), "{sink:?}");
    Document { file, root }
}

/// The only platform of a text without faults.
fn platform(text: &str) -> Platform {
    let resolved = resolved(text);
    assert_eq!(resolved.faults, [""; 0], "{text}");
    resolved.platforms.into_iter().next().flatten().expect("a platform")
}
