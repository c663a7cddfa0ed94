"""Spark's executors without a number, or with two."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="how-many-executors",
    title="Executors without a number, or with numbers that do not go together",
    why="Either there are always `count` executors, or Spark starts and stops them between `min` and `max`.",
    bad="executors: {count: 4, max: 10}",
    good="executors: {min: 2, max: 10}",
    source="apache/spark, ExecutorAllocationManager.scala",
)
FORMS = "write either `count`, or `min` and `max`"


def check(workload: Workload) -> Iterator[Problem]:
    """Which of the three numbers are there, and that they make a range."""
    asked = workload.spec.get("executors")
    if asked is None:
        return
    count, least, most = (asked.get(key) for key in ("count", "min", "max"))
    if count is not None and (other := most or least) is not None:
        name = "min" if most is None else "max"
        message = f"`executors` has both `count` and `{name}`"
        yield Problem(RULE.id, count.span, message, FORMS, related=((other.span, f"`{name}`"),))
    elif count is None and most is None:
        yield _none(workload, least)
    elif least is not None and most is not None and int(said(most)) < int(said(least)):
        message = f"at most {said(most)} executors, but at least {said(least)}"
        related = ((least.span, "at least so many"),)
        yield Problem(RULE.id, most.span, message, "raise `max` or lower `min`", related=related)


def _none(workload: Workload, least: Node | None) -> Problem:
    if least is not None:
        message, mend = "`executors` has `min`, but no `max`", "add `max`, or write `count` instead"
        return Problem(RULE.id, least.span, message, mend)
    message = "`executors` does not say how many there are"
    return Problem(RULE.id, workload.spec.key_span("executors"), message, FORMS)
