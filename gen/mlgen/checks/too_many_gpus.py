"""A workload asks for more GPUs than the environment has."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.pod import gpu_classes
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="too-many-gpus",
    title="A workload asks for more GPUs than the environment has",
    why="Some of its pods would wait for a node for ever, while the others hold theirs.",
    bad="completions: 32\nresources: {gpu: {a100: 1}}      # the environment has 16",
    good="completions: 32\nparallelism: 16\nresources: {gpu: {a100: 1}}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Pods at a time, times the GPUs of one pod, against the environment's total of the class."""
    for name, count in gpu_classes(workload):
        total = workload.site.offer.find("gpus", name, "total")
        pods = pods_at_a_time(workload.spec)
        if total is not None and pods * int(said(count)) > int(said(total)):
            yield Problem(
                RULE.id,
                count.span,
                f"{pods} x {said(count)} GPUs of class `{name}` are asked for, and the environment has {said(total)}",
                "ask for fewer, or let fewer pods run at a time",
                related=((total.span, "as many as there are"),),
            )


def pods_at_a_time(spec: Node) -> int:
    """How many pods of a workload may run together."""
    for path in (("parallelism",), ("completions",), ("replicas", "max"), ("replicas", "min")):
        found = spec.find(*path)
        if found is not None:
            return int(said(found))
    return len(spec["users"].items) if "users" in spec else 1
