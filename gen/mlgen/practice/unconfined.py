"""A container without the kernel's usual confinement."""

from collections.abc import Iterator

from mlgen.body import Body, at, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unconfined",
    title="A container without the kernel's usual confinement",
    why=(
        "Seccomp, AppArmor and SELinux keep a hole in a program from being one in the node. Namespaces below "
        "the level `privileged` refuse a pod that takes them away."
    ),
    bad="securityContext: {seccompProfile: {type: Unconfined}}",
    good="securityContext: {seccompProfile: {type: RuntimeDefault}}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)

TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"))


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Unconfined profiles, and SELinux options that make a process another one."""
    for path, holder in ((pod.path, pod.spec), *containers.every(pod)):
        context = holder.get("securityContext")
        if not isinstance(context, dict):
            continue
        for keys in _unconfined(context):
            if standard.applies("baseline", setting):
                message = f"{code('.'.join(keys))} takes away what confines a process"
                yield Fault((*path, "securityContext", *keys), RULE.id, message, "remove it")


def _unconfined(context: Body) -> Iterator[tuple[str, ...]]:
    for profile in ("seccompProfile", "appArmorProfile"):
        if at(context, profile, "type") == "Unconfined":
            yield profile, "type"
    options = map_at(context, "seLinuxOptions")
    if options:
        yield from (("seLinuxOptions", key) for key in ("user", "role") if options.get(key))
        if text_at(options, "type") not in TYPES:
            yield "seLinuxOptions", "type"
