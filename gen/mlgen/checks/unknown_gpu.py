"""A workload asks for a class of GPU that the environment does not have."""

from collections.abc import Iterator

from mlgen.pod import gpu_classes
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import did_you_mean
from mlgen.trace import said

RULE = Rule(
    id="unknown-gpu",
    title="A workload asks for a class of GPU that the environment does not have",
    why="Its pods would wait for a node for ever.",
    bad="resources: {gpu: {a1000: 1}}",
    good="resources: {gpu: {a100: 1}}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Every class under `resources.gpu`."""
    offered = workload.site.offer["gpus"].entries
    for name, _ in gpu_classes(workload):
        if name not in offered:
            environment = workload.site.offer["name"]
            hint = (
                did_you_mean(name, offered)
                or "write `gpu: null` for this environment, or add the class to it under `gpus`"
            )
            yield Problem(
                RULE.id,
                workload.spec["resources"]["gpu"].key_span(name),
                f"`{said(environment)}` has no GPUs of class `{name}`",
                hint,
                related=((environment.span, "this environment"),),
            )
