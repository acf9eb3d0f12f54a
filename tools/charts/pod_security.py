"""The Kubernetes pod security standard that a pod's spec meets, and what keeps it from a stricter one.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

BASELINE_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_CHROOT",
}
BASELINE_SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
BASELINE_SELINUX = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
RESTRICTED_VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
}
HANDLERS = ("livenessProbe", "readinessProbe", "startupProbe")


def containers(spec):
    return (spec.get("initContainers") or []) + spec["containers"]


def level(spec):
    """`(level, reasons)`: what refuses the next stricter level, sorted."""
    weak = set(_above_baseline(spec))
    if weak:
        return "privileged", sorted(weak)
    open_ = set(_above_restricted(spec))
    return ("baseline", sorted(open_)) if open_ else ("restricted", [])


def _above_baseline(spec):
    yield from (field for field in ("hostNetwork", "hostPID", "hostIPC") if spec.get(field))
    yield from ("hostPath" for volume in spec.get("volumes") or [] if "hostPath" in volume)
    pod = spec.get("securityContext") or {}
    yield from (f"sysctl {s['name']}" for s in pod.get("sysctls") or [] if s["name"] not in BASELINE_SYSCTLS)
    yield from _weak_context(pod)
    for container in containers(spec):
        context = container.get("securityContext") or {}
        yield from _weak_context(context)
        yield from ("hostPort" for port in container.get("ports") or [] if port.get("hostPort"))
        added = set((context.get("capabilities") or {}).get("add") or [])
        yield from (f"capability {name}" for name in added - BASELINE_CAPABILITIES)
        if context.get("privileged"):
            yield "privileged"
        if context.get("procMount", "Default") != "Default":
            yield "procMount"
        yield from _host_handlers(container)


def _weak_context(context):
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield "hostProcess"
    if (context.get("seccompProfile") or {}).get("type") == "Unconfined":
        yield "seccompProfile"
    if (context.get("appArmorProfile") or {}).get("type") == "Unconfined":
        yield "appArmorProfile"
    selinux = context.get("seLinuxOptions") or {}
    if selinux.get("type") not in BASELINE_SELINUX or selinux.get("user") or selinux.get("role"):
        yield "seLinuxOptions"


def _host_handlers(container):
    hooks = container.get("lifecycle") or {}
    handlers = [container.get(name) for name in HANDLERS] + [hooks.get("postStart"), hooks.get("preStop")]
    for handler in filter(None, handlers):
        if any((handler.get(way) or {}).get("host") for way in ("httpGet", "tcpSocket")):
            yield "host of a probe"


def _above_restricted(spec):
    for volume in spec.get("volumes") or []:
        yield from (f"volume {kind}" for kind in set(volume) - {"name"} - RESTRICTED_VOLUMES)
    pod = spec.get("securityContext") or {}
    for container in containers(spec):
        context = container.get("securityContext") or {}
        capabilities = context.get("capabilities") or {}
        if context.get("allowPrivilegeEscalation") is not False:
            yield "allowPrivilegeEscalation"
        if "ALL" not in (capabilities.get("drop") or []):
            yield "capabilities.drop"
        if set(capabilities.get("add") or []) - {"NET_BIND_SERVICE"}:
            yield "capabilities.add"
        if _either(context, pod, "runAsNonRoot") is not True:
            yield "runAsNonRoot"
        if _either(context, pod, "runAsUser") == 0:
            yield "runAsUser"
        if (_either(context, pod, "seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield "seccompProfile"


def _either(context, pod, field):
    """The container's own word, else the pod's."""
    return context[field] if context.get(field) is not None else pod.get(field)
