"""The resources of a pod as a whole against those of its containers."""

from collections.abc import Iterator
from fractions import Fraction

from mlgen.amount import quantity
from mlgen.body import Body, at, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="pod-resources",
    title="A pod's resources are less than those of its containers",
    why="The API server refuses the pod: what its containers ask for together, and what each may use, has to fit into "
    "what the pod has.",
    bad="resources: {requests: {cpu: 1}}\ncontainers: [{resources: {requests: {cpu: 2}}}]",
    good="resources: {requests: {cpu: 2}}\ncontainers: [{resources: {requests: {cpu: 2}}}]",
    source="kubernetes/pkg/apis/core/validation: validatePodResourceRequirements; KEP-2837",
)


def check(pod: Pod) -> Iterator[Fault]:
    """Requests and limits of the pod."""
    own = pod.spec.get("resources")
    if not isinstance(own, dict):
        return
    for name, asked in map_at(own, "requests").items():
        where = (*pod.path, "resources", "requests", name)
        wanted, most = quantity(asked), quantity(at(own, "limits", name))
        if wanted is None:
            continue
        if most is not None and wanted > most:
            message = f"{code(name)} asks for {code(asked)}, and the limit is {code(at(own, 'limits', name))}"
            yield Fault(where, RULE.id, message, "raise the limit, or ask for less")
        if sum(amount for _, amount in _amounts(pod, "requests", name)) > wanted:
            message = f"the containers ask for more {code(name)} together than {code(asked)}"
            yield Fault(where, RULE.id, message, "raise it, or let the containers ask for less")
    for name, allowed in map_at(own, "limits").items():
        most = quantity(allowed)
        for path, amount in _amounts(pod, "limits", name):
            if most is not None and amount > most:
                message = f"this is more {code(name)} than the pod's limit, {code(allowed)}"
                yield Fault(path, RULE.id, message, "lower it, or raise the pod's limit")


def _amounts(pod: Pod, sort: str, name: str) -> Iterator[tuple[Path, Fraction]]:
    """What each container that runs along has of a resource."""
    for path, container in pod.containers():
        amount = quantity(at(container, "resources", sort, name))
        if amount is not None and _stays(pod, path, container):
            yield (*path, "resources", sort, name), amount


def _stays(pod: Pod, path: Path, container: Body) -> bool:
    return path[len(pod.path)] == "containers" or container.get("restartPolicy") == "Always"
