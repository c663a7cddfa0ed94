"""The shared memory of a pod is all of its memory, or more."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.quantity import amount
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="too-much-shared-memory",
    title="The shared memory of a pod is all of its memory, or more",
    why="What lies in /dev/shm counts against the pod's memory: it would be killed before /dev/shm is full.",
    bad="sharedMemory: 32Gi\nresources: {memory: 32Gi}",
    good="sharedMemory: 16Gi\nresources: {memory: 32Gi}",
    source="kubernetes.io, Volumes, emptyDir",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Compares the two where the spec says the first."""
    size, memory = workload.spec.get("sharedMemory"), workload.spec.find("resources", "memory")
    if size is not None and memory is not None and amount(said(size)) >= amount(said(memory)):
        yield Problem(
            RULE.id,
            size.span,
            f"{said(size)} of shared memory in a pod of {said(memory)}: it counts as memory of the pod",
            "raise `memory` under `resources`, or lower `sharedMemory`; without it, it is half of the memory",
        )
