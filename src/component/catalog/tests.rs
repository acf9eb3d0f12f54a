mod faults;
mod files;
mod robust;
mod scope;

use super::Catalog;
use crate::diagnostic::Sink;
use crate::schema::check::tests::told;
use crate::source::Sources;
use crate::world::Memory;

/// A sound component, for others to stand beside or to be broken.
const MOVER: &str = "
component: mover
provides: {capability: dataIntegration}
summary: Moves data
chart: {repository: https://charts.example.com, name: mover, version: 1.0.0}
release: mover
namespace: '{{ release }}-data'
podSecurity: \"{{ 'baseline' if options.rootless else 'restricted' }}\"
isolate: false
uses: [orchestration]
requires: [orchestration, {capability: orchestration, when: options.rootless}]
brings: [example.com/v1/Thing]
options:
  type: object
  properties: {rootless: {type: boolean, default: false}, port: {type: integer}, tags: {type: array, default: [], items: {type: string}}}
workloads:
  server: {name: \"{{ release }}-server\", ports: {http: 80, side: \"{{ options.port }}\"}}
  pod: {when: options.rootless, by: run-time, labels: {}}
outside:
  database: {host: db.example.com, port: 5432}
services:
  api: {name: api, workload: server, ports: {http: {port: 80, target: http}}}
flows:
  all: {from: [server, pod], to: [database, internet]}
  back: {from: server, to: orchestration.ui}
exports:
  services: {api: api}
  secrets: {id: key.ID}
webhooks:
  admit: {service: api, for: [Thing]}
secrets:
  key: {name: key, keys: [ID], readers: [server]}
notes:
  short: \"Release {{ release }} is small\"
values:
  auth.secretName: {is: secret, option: port}
constraints:
  port: {require: options.port != none, message: no port, option: port}
files:
  - {template: values.yaml.j2, path: \"{{ release }}.yaml\", as: values}
  - {when: options.rootless, for: options.tags, template: values.yaml.j2, path: two.yaml, as: values}
";

const CAPABILITIES: &str = "
dataIntegration:
  summary: Moves data
  services: {api: The API}
orchestration: {summary: Runs pipelines}
";

struct Loaded {
    catalog: Catalog,
    faults: Vec<String>,
}

/// The user's files alone, below `templates/`.
fn load(files: &[(&str, &str)]) -> Loaded {
    let capabilities = ("templates/capabilities.yaml".to_owned(), CAPABILITIES.to_owned());
    let files = files.iter().map(|(path, text)| (format!("templates/{path}"), (*text).to_owned()));
    let world = Memory::with(std::iter::once(capabilities).chain(files));
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::of_user(&world, &mut sources, &mut sink);
    Loaded { catalog, faults: told(&sink.into_sorted(), &sources) }
}

fn mover(text: &str) -> Loaded {
    load(&[("mover/component.yaml", text), ("mover/values.yaml.j2", "")])
}
