"""Fields of containers that stand where Kubernetes forbids them: in init containers, ephemeral ones or regular ones."""

from collections.abc import Iterator

from mlgen.body import Body
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="init-container",
    title="A field that this sort of container cannot have",
    why="The API server refuses the pod. An init container ends before the others begin: it is neither probed nor "
    "stopped, unless `restartPolicy: Always` makes it a sidecar.",
    bad="initContainers: [{name: proxy, readinessProbe: {...}}]",
    good="initContainers: [{name: proxy, restartPolicy: Always, readinessProbe: {...}}]",
    source="kubernetes/pkg/apis/core/validation: validateInitContainers, validateEphemeralContainers; KEP-753",
)
PROBED = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
NOT_EPHEMERAL = (*PROBED, "ports", "resources", "resizePolicy", "restartPolicy")


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """What the list that the container stands in does not allow."""
    kind = path[len(pod.path)]
    if kind == "initContainers" and container.get("restartPolicy") != "Always":
        for field in PROBED:
            if container.get(field) is not None:
                message = f"an init container has no {code(field)}"
                hint = "`restartPolicy: Always` makes it a sidecar; else move this to a container"
                yield Fault((*path, field), RULE.id, message, hint)
        if container.get("resizePolicy"):
            yield Fault((*path, "resizePolicy"), RULE.id, "an init container has no `resizePolicy`", "take it away")
    elif kind == "ephemeralContainers":
        for field in NOT_EPHEMERAL:
            if container.get(field):
                message = f"an ephemeral container has no {code(field)}"
                yield Fault((*path, field), RULE.id, message, "take it away")
