"""A workload asks for a class of GPU that the environment does not have."""

from collections.abc import Iterator

from mlgen.pod import gpus
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="unknown-gpu",
    title="A workload asks for a class of GPU that the environment does not have",
    why="Its pods would wait for a node for ever.",
    bad="resources: {gpu: {a1000: 1}}",
    good="resources: {gpu: {a100: 1}}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Every class under `resources.gpu`, or that of Spark's executors."""
    asked = gpus(workload)
    if asked is None:
        return
    offered = workload.site.offer["gpus"].entries
    for name in asked.entries:
        if name not in offered:
            environment = workload.site.offer["name"]
            has = ", ".join(f"`{one}`" for one in offered) or "no GPUs"
            place = "executors" if "executors" in workload.spec else "resources"
            hint = f"choose a class that is there; `{place}: {{gpu: null}}` under `environments` asks for none"
            yield Problem(
                RULE.id,
                asked.key_span(name),
                f"there are no GPUs of class `{name}` in `{said(environment)}`",
                hint,
                related=((environment.span, f"this environment has {has}"),),
            )
