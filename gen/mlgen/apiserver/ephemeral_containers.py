"""Ephemeral containers in a manifest."""

from collections.abc import Iterator

from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="ephemeral-containers",
    title="A manifest has ephemeral containers",
    why="They are added to a running pod (`kubectl debug`); the API server refuses to create a pod or a template with "
    "them.",
    bad="ephemeralContainers: [{name: debug, image: busybox}]",
    good="kubectl debug -it my-pod --image=busybox",
    source="kubernetes/pkg/apis/core/validation: ValidatePodCreate, ValidatePodTemplateSpec",
)


def check(pod: Pod) -> Iterator[Fault]:
    """A list of them that is not empty."""
    if pod.spec.get("ephemeralContainers"):
        where = (*pod.path, "ephemeralContainers")
        yield Fault(where, RULE.id, "a manifest cannot have ephemeral containers", "use `kubectl debug`")
