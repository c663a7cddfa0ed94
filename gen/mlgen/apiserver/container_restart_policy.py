"""A restart policy of its own in a container that is no init container."""

from collections.abc import Iterator

from mlgen.body import Body
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="container-restart-policy",
    title="A restart policy in a container, before Kubernetes 1.34",
    why="Only init containers may have one: `Always` makes a sidecar of them. The API server refuses the pod; 1.34 "
    "ignores the field, and since 1.35 every container may say how it is restarted.",
    bad="containers: [{name: proxy, restartPolicy: Always}]",
    good="initContainers: [{name: proxy, restartPolicy: Always}]",
    source="kubernetes/pkg/apis/core/validation: validateContainers; KEP-753, KEP-5307",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """The field, in a regular container."""
    if "restartPolicy" in container and path[len(pod.path)] == "containers" and container["restartPolicy"] is not None:
        message = "only an init container has a `restartPolicy` of its own"
        yield Fault((*path, "restartPolicy"), RULE.id, message, "a sidecar is an init container with `Always`")
