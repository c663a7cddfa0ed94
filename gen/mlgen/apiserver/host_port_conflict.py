"""Ports of the node that two containers, or a container and its pod, would fight for."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, number_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import Containers, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-port-conflict",
    title="A port of the node that is taken, or another one than the container's on the node's network",
    why="The API server refuses the pod. With `hostNetwork` the container's port is the node's.",
    bad="ports:\n- {containerPort: 80, hostPort: 8080}\n- {containerPort: 81, hostPort: 8080}",
    good="ports:\n- {containerPort: 80, hostPort: 8080}\n- {containerPort: 81, hostPort: 8081}",
    source="kubernetes/pkg/apis/core/validation: checkHostPortConflicts, validatePodHostNetworkDeps",
)


def check(pod: Pod, containers: Containers) -> Iterator[Fault]:
    """The ports of containers together, of each init container by itself: those run one after another."""
    together: set[tuple[Json, ...]] = set()
    for path, container in containers:
        if container.get("ports"):
            kind = path[len(pod.path)]
            taken = together if kind == "containers" else set()
            yield from _ports(pod, path, container, taken)


def _ports(pod: Pod, path: Path, container: Body, taken: set[tuple[Json, ...]]) -> Iterator[Fault]:
    host = pod.spec.get("hostNetwork") is True and "containers" in path
    for where, port in maps_at(container, "ports"):
        number, inside = number_at(port, "hostPort"), number_at(port, "containerPort")
        if not number:
            continue
        if host and inside is not None and number != inside:
            message = f"with `hostNetwork`, port {code(inside)} of the container is no other port of the node"
            yield Fault((*path, *where, "hostPort"), RULE.id, message, "leave `hostPort` away")
        key = str(port.get("protocol") or "TCP"), str(port.get("hostIP") or ""), number
        if key in taken:
            message = f"port {code(number)} of the node is taken by another port of this pod"
            yield Fault((*path, *where, "hostPort"), RULE.id, message, "choose another `hostPort`, or a Service")
        taken.add(key)
