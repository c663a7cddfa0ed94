"""A container that sees the node's /proc."""

from collections.abc import Iterator

from mlgen.body import at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unmasked-proc",
    title="A container that sees the node's /proc",
    why=(
        "What the runtime hides there is hidden for a reason. Namespaces below the level `privileged` refuse the pod."
    ),
    bad="securityContext: {procMount: Unmasked}",
    good="securityContext: {procMount: Default}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Any `procMount` but the default."""
    for path, container in containers.every(pod):
        if at(container, "securityContext", "procMount") == "Unmasked" and standard.applies("baseline", setting):
            message = f"{containers.called(container)} sees what the runtime hides in /proc"
            yield Fault((*path, "securityContext", "procMount"), RULE.id, message, "remove it")
