"""A container that is root on its node."""

from collections.abc import Iterator

from mlgen.body import at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="privileged-container",
    title="A container that is root on its node",
    why=(
        "It may read every other pod's memory and secrets, and change the node. Namespaces below the level "
        "`privileged` refuse the pod."
    ),
    bad="securityContext: {privileged: true}",
    good="securityContext: {privileged: false}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """`privileged`, and Windows' `hostProcess`."""
    if not standard.applies("baseline", setting):
        return
    for path, container in containers.every(pod):
        if at(container, "securityContext", "privileged") is True:
            message = f"{containers.called(container)} is root on its node"
            yield Fault((*path, "securityContext", "privileged"), RULE.id, message, "remove it")
    for path, holder in (*containers.every(pod), (pod.path, pod.spec)):
        if at(holder, "securityContext", "windowsOptions", "hostProcess") is True:
            where = (*path, "securityContext", "windowsOptions", "hostProcess")
            yield Fault(where, RULE.id, "this runs as a process of its node", "remove it")
