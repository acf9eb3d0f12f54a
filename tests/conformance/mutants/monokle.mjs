// @monokle/validation on mutants: takes on standard input a list of trees, each with its manifests and its mutants (a file and its
// broken text), writes for each mutant of each tree whether anything is said that is not said of the whole tree. Arguments: the folder of the library, and
// the schemas of Kubernetes and of CRDs, which the library would else fetch.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [library, schemas] = process.argv.slice(2);
const { DefaultPluginLoader, DisabledFixer, MonokleValidator, ResourceParser, SchemaLoader, processRefs } = await import(
  pathToFileURL(`${library}/lib/node.js`).href
);
const { parseAllDocuments } = createRequire(`${library}/package.json`)('yaml');
const { definitions, custom } = JSON.parse(readFileSync(schemas, 'utf8'));
let asked = '';
for await (const chunk of process.stdin.setEncoding('utf8')) asked += chunk;
const trees = JSON.parse(asked);

class Given extends SchemaLoader {
  async getFullSchema() {
    return { schema: { definitions }, url: 'swagger.json' };
  }
}

// `open-policy-agent` and `admission-policy` fetch a program when they start, so they cannot run.
const plugins = ['yaml-syntax', 'resource-links', 'kubernetes-schema', 'pod-security-standards', 'practices', 'metadata'];
const parser = new ResourceParser();
const validator = new MonokleValidator({
  loader: new DefaultPluginLoader(),
  parser,
  schemaLoader: new Given(),
  suppressors: [],
  fixer: new DisabledFixer(),
});
await validator.preload({ plugins: Object.fromEntries(plugins.map(name => [name, true])) });
const failed = plugins.filter(name => !validator.isPluginLoaded(name));
if (failed.length > 0) throw new Error(`these plugins did not load: ${failed}`);
for (const schema of custom) await validator.registerCustomSchema(schema);

let next = 0;

function resourcesOf(file, text) {
  return parseAllDocuments(text)
    .filter(document => document.contents !== null)
    .map(document => {
      const content = document.toJS() ?? {};
      return {
        id: `${next++}`,
        fileId: file,
        filePath: file,
        fileOffset: 0,
        name: content.metadata?.name ?? '',
        apiVersion: content.apiVersion ?? '',
        kind: content.kind ?? '',
        namespace: content.metadata?.namespace,
        content,
        text: document.toString(),
      };
    });
}

// How often each remark is made of a file; where it stands in it moves when the file is written anew.
async function remarks(resources) {
  resources.forEach(resource => delete resource.refs);
  processRefs(resources, parser);
  const { runs } = await validator.validate({ resources });
  const counts = new Map();
  for (const result of runs.flatMap(run => run.results)) {
    // The second location names the resource by a number that each reading gives anew.
    const file = result.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    const key = `${file} ${result.ruleId} ${result.message.text}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function found({ manifests, mutants }) {
  const whole = Object.entries(manifests).map(([file, text]) => [file, resourcesOf(file, text)]);
  const before = await remarks(whole.flatMap(([, resources]) => resources));
  const found = [];
  for (const { file, text } of mutants) {
    if (!(file in manifests)) {
      found.push(false);
      continue;
    }
    const broken = resourcesOf(file, text);
    const after = await remarks(whole.flatMap(([name, resources]) => (name === file ? broken : resources)));
    parser.clear(broken.map(resource => resource.id));
    found.push([...after].some(([key, count]) => count > (before.get(key) ?? 0)));
  }
  parser.clear(whole.flatMap(([, resources]) => resources.map(resource => resource.id)));
  return found;
}

const all = [];
for (const tree of trees) all.push(await found(tree));
process.stdout.write(JSON.stringify(all));
