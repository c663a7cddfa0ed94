"""A container without a seccomp profile where one is required."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-seccomp-profile",
    title="A container without a seccomp profile where one is required",
    why="Namespaces of the level `restricted` refuse the pod.",
    bad="securityContext: {runAsNonRoot: true}",
    good="securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Neither the pod nor the container has one, in an environment of that level."""
    if setting.offer is None or not standard.applies("restricted", setting) or standard.windows(pod.spec):
        return
    if map_at(pod.spec, "securityContext", "seccompProfile"):
        return
    if any(not map_at(container, "securityContext", "seccompProfile") for _, container in containers.every(pod)):
        where = containers.nearest_to(pod.spec, pod.path, "securityContext")
        message = f"{code(str(setting.offer['name'].value))} takes no pod without a seccomp profile"
        yield Fault(where, RULE.id, message, "write `seccompProfile: {type: RuntimeDefault}`")
