"""A container restarts when it is resized, in a pod that never restarts."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="resize-policy",
    title="A container would restart to be resized, in a pod that never restarts its containers",
    why="The API server refuses the pod: the container would be gone for good. Init containers have no policy at "
    "all: they end before anything is resized.",
    bad="restartPolicy: Never\ncontainers: [{resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]",
    good="restartPolicy: Never\ncontainers: [{resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}]",
    source="kubernetes/pkg/apis/core/validation: validateResizePolicy",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Each policy against the pod's; an init container has none."""
    if container.get("resizePolicy") and path[len(pod.path)] == "initContainers":
        yield Fault((*path, "resizePolicy"), RULE.id, "an init container is not resized", "take `resizePolicy` away")
    if "resizePolicy" in container and pod.spec.get("restartPolicy") == "Never":
        for where, policy in maps_at(container, "resizePolicy"):
            if policy.get("restartPolicy") == "RestartContainer":
                message = "`RestartContainer` cannot be in a pod with `restartPolicy: Never`"
                yield Fault((*path, *where, "restartPolicy"), RULE.id, message, "write `NotRequired`")
