"""A step of a pipeline that cannot be one."""

from collections.abc import Iterator

from mlgen.checks import variable_collision
from mlgen.node import Node
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved, Workload
from mlgen.trace import said

RULE = Rule(
    id="unfit-step",
    title="A workload that cannot be a step of a pipeline",
    why="A step runs when the pipeline says so, and ends: what serves never ends, and what has a time of its own would "
    "be started by two.",
    bad='workloads:\n  serve: {kind: serving, ...}\npipelines:\n  nightly: {schedule: "0 2 * * *", steps: [serve]}',
    good='workloads:\n  train: {kind: job, ...}\npipelines:\n  nightly: {schedule: "0 2 * * *", steps: [train]}',
)


def check(pipeline: Pipeline, resolved: Resolved) -> Iterator[Problem]:
    """Every workload that it starts."""
    known = {workload.name: workload for workload in resolved.workloads}
    for name in pipeline.started:
        if said(name) in known:
            yield from _of(pipeline, name, known[said(name)])
            yield from variable_collision.parameters(pipeline, known[said(name)])
    told, steps = pipeline.spec.get("onFailure"), {said(step.name): step.name for step in pipeline.steps}
    if told is not None and said(told) in steps:
        message = f"`{said(told)}` is a step of `{pipeline.name}`, and cannot be what runs when one has failed"
        related = ((steps[said(told)].span, "the step"),)
        yield Problem(RULE.id, told.span, message, "name another workload, or remove it", related=related)


def _of(pipeline: Pipeline, name: Node, workload: Workload) -> Iterator[Problem]:
    spec = workload.spec
    if "run" not in spec:
        message = f"`{workload.name}` never ends, and so is no step"
        hint = "remove it here: it runs all the time, and needs nobody who starts it"
        yield _problem(name, message, hint, spec["kind"].span, "this is what it is")
    elif "schedule" in spec:
        message = f"`{workload.name}` has a schedule of its own, and `{pipeline.name}` would start it too"
        yield _problem(name, message, "remove one of the two", spec.key_span("schedule"), "its schedule")
    elif spec["run"].value == "request":
        message = f"`{workload.name}` runs on request, and `{pipeline.name}` would start it too"
        yield _problem(name, message, "remove one of the two", spec["run"].span, "when it runs")


def _problem(name: Node, message: str, hint: str, place: Span, label: str) -> Problem:
    return Problem(RULE.id, name.span, message, hint, related=((place, label),))
