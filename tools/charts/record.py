#!/usr/bin/env python3
"""Records what the real chart of a component installs, as tests/charts/<component>-<version>.yaml.

Every example of every component is compiled; each way in which they set the chart's values is one case, rendered by
`helm template`. Only facts are kept (facts.py). README.md says how to record a new version.
"""

import argparse
import pathlib
import subprocess
import tempfile

import yaml

import facts

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Rendered for each of them; the facts must be the same.
KUBERNETES = ["1.33", "1.37"]
# What values mean upon which no name, port or key rests.
LOOSE = {"route", "storageClass", "replicas"}
HEADER = """\
# Facts about the chart {name} {version} from {repository},
# recorded from `helm template` by tools/charts/record.py. Not written by hand.
"""


def main():
    arguments = parser().parse_args()
    component = yaml.safe_load((ROOT / "templates" / arguments.component / "component.yaml").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        trees = arguments.trees or compile_examples(arguments.compiler, pathlib.Path(scratch))
        release, cases = recorded(component, arguments, trees)
    path = ROOT / "tests" / "charts" / f"{component['component']}-{component['chart']['version']}.yaml"
    path.write_text(text(component["chart"], release, cases))
    print(f"{path.relative_to(ROOT)}: {len(cases)} cases")


def parser():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("component", help="a folder of templates/")
    parser.add_argument("chart", type=pathlib.Path, help="the unpacked chart")
    parser.add_argument("--helm", default="helm")
    parser.add_argument("--compiler", type=pathlib.Path, default=ROOT / "target" / "debug" / "platformc")
    parser.add_argument("--trees", type=pathlib.Path, help="compiled examples: <component>/<example>/helmfile.yaml")
    return parser


def compile_examples(compiler, folder):
    """Each example's trees, as <component>/<example>[/<environment>]; those of the root's platform.yaml as platform/."""
    for example in sorted((ROOT / "templates").glob("*/examples/*.yaml")):
        render(compiler, example, folder / example.parts[-3] / example.stem)
    render(compiler, ROOT / "platform.yaml", folder / "platform")
    return folder


def render(compiler, platform, folder):
    done = subprocess.run([compiler, "render", "--file", platform, "--out", folder], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{platform}:\n{done.stderr}")


def recorded(component, arguments, trees):
    """The release, and each case as `(name, values, facts)`; examples that set the values alike are one case."""
    heavy = weights(component)
    release, cases = None, {}
    for helmfile in helmfiles(trees, component["component"]):
        for found in yaml.safe_load(helmfile.read_text())["releases"]:
            if found["chart"] != f"{component['component']}/{component['chart']['name']}":
                continue
            release = same_release(release, found)
            values = merged(helmfile.parent, found["values"])
            name = str(helmfile.parent.relative_to(trees))
            cases.setdefault(shape(values, heavy), (name, values, rendered(arguments, found, values)))
    if not cases:
        raise SystemExit(f"no example uses {component['component']}")
    return release, list(cases.values())


def helmfiles(trees, component):
    """Of all examples, the component's own first, the root's last: a case is called after the first that has it."""
    order = {component: 0, "platform": 2}
    return sorted(trees.rglob("helmfile.yaml"), key=lambda path: (order.get(path.relative_to(trees).parts[0], 1), path))


def same_release(first, found):
    if first and (first["name"], first["namespace"]) != (found["name"], found["namespace"]):
        raise SystemExit("the examples differ in the release's name or namespace: facts would not compare")
    return found


def merged(folder, files):
    values = {}
    for file in files:
        values = overlaid(values, yaml.safe_load((folder / file).read_text()) or {})
    return values


def overlaid(below, above):
    """As Helm merges values: maps by key, everything else replaced whole."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: overlaid(below.get(key), value) for key, value in above.items()}}


def weights(component):
    """The paths upon which the interface rests: True where the value itself decides, False where only that it is set."""
    meanings = (component.get("values") or {}).items()
    listed = {path: value["is"] for path, value in meanings if value["is"] not in LOOSE}
    return {path: not (meaning == "fixed" and "option" in component["values"][path]) for path, meaning in listed.items()}


def shape(values, weights):
    """What of the values decides which objects there are: switches, lengths of lists, and what the interface rests upon."""
    return tuple(sorted(decisive(values, "", weights)))


def decisive(value, path, weights):
    if isinstance(value, dict) and value:
        for key, child in value.items():
            yield from decisive(child, f"{path}.{key}" if path else str(key), weights)
        return
    if isinstance(value, list) and value:
        yield path, f"{len(value)} items"
        for index, child in enumerate(value):
            yield from decisive(child, f"{path}.{index}", weights)
        return
    rests = [heavy for rest, heavy in weights.items() if path == rest or path.startswith(rest + ".")]
    if isinstance(value, bool) or value is None or any(rests):
        yield path, str(value)
    elif rests:
        yield path, ""


def rendered(arguments, release, values):
    """The facts of one case; they may not depend on the version of Kubernetes."""
    version = yaml.safe_load((arguments.chart / "Chart.yaml").read_text())["version"]
    if version != release["version"]:
        raise SystemExit(f"the chart is {version}, and component.yaml says {release['version']}")
    oldest, newest = (facts.facts(template(arguments, release, values, k), release["namespace"]) for k in KUBERNETES)
    if oldest != newest:
        raise SystemExit(f"the chart differs between Kubernetes {' and '.join(KUBERNETES)}")
    return newest


def template(arguments, release, values, kubernetes):
    command = [
        arguments.helm, "template", release["name"], arguments.chart, "--namespace", release["namespace"],
        "--include-crds", "--skip-tests", "--kube-version", f"{kubernetes}.0", "--values", "-",
    ]
    done = subprocess.run(command, input=yaml.safe_dump(values), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return [o for o in yaml.load_all(done.stdout, Objects) if o]


class Objects(yaml.SafeLoader):
    """As Helm reads YAML: `=` is a text, which YAML 1.1 takes for something else."""


Objects.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)


def text(chart, release, cases):
    document = {
        "release": release["name"],
        "namespace": release["namespace"],
        "cases": {name: values for name, values, _ in cases},
        **{word: joined(word, cases) for word in cases[0][2]},
    }
    body = yaml.dump(document, Dumper=Compact, sort_keys=False, width=100, allow_unicode=True)
    return HEADER.format(**chart) + body


def joined(word, cases):
    """The entries of all cases; one that not every case has says which do."""
    holders = {}
    for name, _, found in cases:
        for entry in found[word]:
            holders.setdefault(repr(entry), (entry, []))[1].append(name)
    entries = sorted(holders.values(), key=lambda holder: order(holder[0]))
    return [entry if len(names) == len(cases) else only(entry, names) for entry, names in entries]


def order(entry):
    if not isinstance(entry, dict):
        return (entry,)
    return (entry.get("kind", ""), entry.get("name") or entry.get("secret") or entry["service"], entry.get("keys", []))


def only(entry, names):
    if not isinstance(entry, dict):
        raise SystemExit(f"{entry} is not in every case")
    return {**entry, "cases": names}


class Compact(yaml.SafeDumper):
    """An entry's fields each on a line of their own, what they hold behind them."""

    def ignore_aliases(self, data):
        return True

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def represent_map(dumper, data):
    nested = any(isinstance(value, (dict, list)) and value for value in data.values())
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=bool(data) and not nested)


def represent_list(dumper, data):
    entries = any(isinstance(item, dict) and any(isinstance(value, (dict, list)) for value in item.values()) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=not entries)


Compact.add_representer(dict, represent_map)
Compact.add_representer(list, represent_list)

if __name__ == "__main__":
    main()
