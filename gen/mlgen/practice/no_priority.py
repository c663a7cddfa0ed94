"""A GPU pod without a priority beside others that have one."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.practice import containers
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-priority",
    title="A GPU pod without a priority beside others that have one",
    why="It has the least: whatever has a priority may take its GPU away in the middle of its work.",
    bad="spec: {containers: [...]}          # others say `priorityClassName`",
    good="spec: {priorityClassName: training, containers: [...]}",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Where any pod among the objects names a priority class, and none is the default of all."""
    found = [(index, pod) for index, pod in objects.pods if pod.spec.get("priorityClassName")]
    if not found or any(body.get("globalDefault") is True for _, body in objects.of("PriorityClass")):
        return
    for index, pod in objects.pods:
        if pod.spec.get("priorityClassName") is None and containers.wants_gpu(pod):
            other, one = found[0]
            fault = Fault(
                pod.path,
                RULE.id,
                "pods with a priority may take this one's GPU",
                "write `priorityClassName`",
                "warning",
            )
            yield Finding(index, fault, ((other, (*one.path, "priorityClassName"), "one that has a priority"),))
