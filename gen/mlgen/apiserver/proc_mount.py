"""A container that sees all of /proc, as a user of the node."""

from collections.abc import Iterator

from mlgen.body import Body, at
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="proc-mount",
    title="A container sees all of /proc, and its pod has the node's users",
    why="The API server refuses the pod: what `procMount: Unmasked` shows is safe only for users that are none on the "
    "node.",
    bad="containers: [{securityContext: {procMount: Unmasked}}]",
    good="hostUsers: false\ncontainers: [{securityContext: {procMount: Unmasked}}]",
    source="kubernetes/pkg/apis/core/validation: ValidateSecurityContext; KEP-4265",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """The field against the pod's users."""
    if at(container, "securityContext", "procMount") == "Unmasked" and pod.spec.get("hostUsers") is not False:
        where = (*path, "securityContext", "procMount")
        message = "`Unmasked` needs `hostUsers: false` in the pod"
        yield Fault(where, RULE.id, message, "set `hostUsers: false`, or leave `procMount` away")
