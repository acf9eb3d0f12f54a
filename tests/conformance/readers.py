"""Reads YAML files as PyYAML (YAML 1.1) and ruamel.yaml (YAML 1.2) do: file names come in, a line of JSON goes out for each."""

import json
import sys

import yaml
from ruamel.yaml import YAML

READERS = {
    "PyYAML": lambda text: list(yaml.safe_load_all(text)),
    "ruamel.yaml": lambda text: list(YAML(typ="safe", pure=True).load_all(text)),
}


def of_another_type(value):
    """A date or a set is no JSON: it must differ from the text that was meant."""
    return {f"!{type(value).__name__}": str(value)}


for path in sys.stdin.read().split("\n"):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, read in READERS.items():
        print(json.dumps({"reader": name, "file": path, "documents": read(text)}, default=of_another_type))
