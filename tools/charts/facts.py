"""What the objects of a chart tell about its interface: names, labels, ports, keys. No text of the chart is kept."""

import re

import pod_security

WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"}
# The kinds behind resource names that no CRD of a chart defines.
NATIVE_KINDS = {"ingresses": "Ingress", "pods": "Pod", "services": "Service", "secrets": "Secret"}
LISTENS = re.compile(r"(?:\d+\.\d+\.\d+\.\d+)?:(\d+)$")


def facts(objects, namespace):
    """All facts of one render: `{workloads, services, secrets, references, brings, webhooks}`, each a list."""
    settings = {o["metadata"]["name"]: o.get("data") or {} for o in objects if o["kind"] == "ConfigMap"}
    definitions = [o for o in objects if o["kind"] == "CustomResourceDefinition"]
    workloads = [o for o in objects if o["kind"] in WORKLOADS]
    return {
        "workloads": _sorted(workload(o, settings, namespace) for o in workloads),
        "services": _sorted(service(o, namespace) for o in objects if o["kind"] == "Service"),
        "secrets": _sorted(secret(o, namespace) for o in objects if o["kind"] == "Secret"),
        "references": references(workloads),
        "brings": sorted(kind for o in definitions for kind in served(o)),
        "webhooks": webhooks(objects, definitions),
    }


def _sorted(entries):
    return sorted(entries, key=lambda entry: (entry.get("kind", ""), entry["name"]))


def _without_empty(entry):
    return {key: value for key, value in entry.items() if value not in (None, [], {}) or key in ("labels", "keys")}


def _elsewhere(metadata, namespace):
    """The namespace, where it is not the release's."""
    own = metadata.get("namespace")
    return own if own != namespace else None


def template(workload):
    """The object that holds a workload's pod metadata and spec."""
    spec = workload["spec"]
    return {
        "Pod": lambda: workload,
        "CronJob": lambda: spec["jobTemplate"]["spec"]["template"],
    }.get(workload["kind"], lambda: spec["template"])()


def workload(o, settings, namespace):
    pod = template(o)
    spec = pod["spec"]
    level, because = pod_security.level(spec)
    ports = _ports(spec)
    return _without_empty({
        "kind": o["kind"],
        "name": o["metadata"]["name"],
        "namespace": _elsewhere(o["metadata"], namespace),
        "labels": (pod.get("metadata") or {}).get("labels") or {},
        "serviceAccount": spec.get("serviceAccountName"),
        "ports": ports,
        "undeclared": _undeclared(spec, settings, ports),
        "podSecurity": level,
        "because": because,
    })


def _ports(spec):
    """Ports of all that runs as long as the pod; a sidecar is an init container that is restarted."""
    sidecars = [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
    ports = [port for container in sidecars + spec["containers"] for port in container.get("ports") or []]
    return _ranges(_port(port.get("name"), port["containerPort"], port) for port in ports)


def _ranges(ports):
    """Ports without a name that follow each other are one entry, with `endPort`."""
    found = []
    for port in ports:
        last = found[-1] if found else {}
        follows = port["port"] == last.get("endPort", last.get("port", 0)) + 1
        if follows and "name" not in {**port, **last} and port.get("protocol") == last.get("protocol"):
            last["endPort"] = port["port"]
        else:
            found.append(port)
    return found


def _port(name, number, port):
    protocol = port.get("protocol", "TCP")
    return {
        **({"name": name} if name else {}),
        "port": number,
        **({"protocol": protocol} if protocol != "TCP" else {}),
    }


def _undeclared(spec, settings, declared):
    """Ports that the pod does not declare, and where they are told: a probe, or an address to listen on."""
    found = {}
    for container in pod_security.containers(spec):
        for where, port in [*_probed(container), *_addresses(container, settings)]:
            if not any(p["port"] <= port <= p.get("endPort", p["port"]) for p in declared):
                found.setdefault(port, where)
    return dict(sorted(found.items()))


def _probed(container):
    for name in pod_security.HANDLERS:
        for way in ("httpGet", "tcpSocket", "grpc"):
            port = ((container.get(name) or {}).get(way) or {}).get("port")
            if isinstance(port, int):
                yield name, port


def _addresses(container, settings):
    for variable in container.get("env") or []:
        found = LISTENS.match(_value(variable, settings))
        if found:
            yield variable["name"], int(found[1])


def _value(variable, settings):
    reference = (variable.get("valueFrom") or {}).get("configMapKeyRef")
    if reference:
        return str(settings.get(reference["name"], {}).get(reference["key"], ""))
    return str(variable.get("value", ""))


def service(o, namespace):
    spec = o["spec"]
    return _without_empty({
        "name": o["metadata"]["name"],
        "namespace": _elsewhere(o["metadata"], namespace),
        "labels": o["metadata"].get("labels") or {},
        "selector": spec.get("selector"),
        "ports": [_service_port(port) for port in spec.get("ports") or []],
    })


def _service_port(port):
    return {**_port(port.get("name"), port["port"], port), "target": port.get("targetPort", port["port"])}


def secret(o, namespace):
    keys = {*(o.get("data") or {}), *(o.get("stringData") or {})}
    metadata = o["metadata"]
    return _without_empty({"name": metadata["name"], "namespace": _elsewhere(metadata, namespace), "keys": sorted(keys)})


def references(workloads):
    """Who needs which keys of which Secret; `keys` is empty where a pod takes the Secret whole. Optional ones are left out."""
    entries = {}
    for o in workloads:
        for name, keys in _needed(template(o)["spec"]):
            entry = entries.setdefault((name, o["kind"], o["metadata"]["name"]), set())
            entry.update(keys)
    grouped = {}
    for (name, kind, workload), keys in sorted(entries.items()):
        grouped.setdefault((name, tuple(sorted(keys))), []).append(f"{kind}/{workload}")
    return [{"secret": name, "keys": list(keys), "readers": readers} for (name, keys), readers in sorted(grouped.items())]


def _needed(spec):
    for container in pod_security.containers(spec):
        for variable in container.get("env") or []:
            yield from _required((variable.get("valueFrom") or {}).get("secretKeyRef"), "name", lambda r: [r["key"]])
        for whole in container.get("envFrom") or []:
            yield from _required(whole.get("secretRef"), "name", lambda r: [])
    for volume in spec.get("volumes") or []:
        yield from _required(volume.get("secret"), "secretName", _items)
        for source in (volume.get("projected") or {}).get("sources") or []:
            yield from _required(source.get("secret"), "name", _items)
    yield from ((secret["name"], []) for secret in spec.get("imagePullSecrets") or [])


def _required(reference, name, keys):
    if reference and not reference.get("optional"):
        yield reference[name], keys(reference)


def _items(reference):
    return [item["key"] for item in reference.get("items") or []]


def served(definition):
    spec = definition["spec"]
    return [f"{spec['group']}/{v['name']}/{spec['names']['kind']}" for v in spec["versions"] if v["served"]]


def webhooks(objects, definitions):
    """The kinds whose writing calls each service."""
    kinds = {}
    for configuration in objects:
        if configuration["kind"] not in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
            continue
        for webhook in configuration["webhooks"]:
            found = kinds.setdefault(webhook["clientConfig"]["service"]["name"], set())
            for rule in webhook["rules"]:
                found.update(_kinds(rule, definitions))
    return [{"service": service, "kinds": sorted(found)} for service, found in sorted(kinds.items())]


def _kinds(rule, definitions):
    groups = set(rule["apiGroups"])
    defined = {
        d["spec"]["names"]["plural"]: d["spec"]["names"]["kind"]
        for d in definitions
        if d["spec"]["group"] in groups or "*" in groups
    }
    for resource in rule["resources"]:
        plural = resource.split("/")[0]
        if plural == "*":
            yield from defined.values()
        elif plural in defined or plural in NATIVE_KINDS:
            yield defined.get(plural) or NATIVE_KINDS[plural]
        else:
            raise SystemExit(f"a webhook guards `{resource}`, and neither the chart nor NATIVE_KINDS says which kind that is")
