"""A container that keeps the capabilities of its runtime."""

from collections.abc import Iterator

from mlgen.body import at, list_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="kept-capabilities",
    title="A container that keeps the capabilities of its runtime",
    why=(
        "A dozen rights of root come with every container, and hardly any program needs one. Namespaces of "
        "the level `restricted` refuse the pod."
    ),
    bad="securityContext: {}",
    good="securityContext: {capabilities: {drop: [ALL]}}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Not all are dropped; what is privileged has said worse."""
    if not standard.applies("restricted", setting) or standard.windows(pod.spec):
        return
    for path, container in containers.every(pod):
        dropped = list_at(container, "securityContext", "capabilities", "drop")
        if "ALL" not in dropped and at(container, "securityContext", "privileged") is not True:
            message = f"{containers.called(container)} keeps capabilities that it hardly needs"
            where = containers.nearest_to(container, path, "securityContext", "capabilities")
            yield Fault(where, RULE.id, message, "write `capabilities: {drop: [ALL]}`")
