"""A pipeline that is called like a workload."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved
from mlgen.trace import key_of

RULE = Rule(
    id="same-name",
    title="A pipeline that is called like a workload",
    why="Both would make objects of that name, and nobody could tell whose pods are whose.",
    bad='workloads:\n  train: {kind: job}\npipelines:\n  train: {schedule: "0 2 * * *", steps: [train]}',
    good='workloads:\n  train: {kind: job}\npipelines:\n  nightly: {schedule: "0 2 * * *", steps: [train]}',
)


def check(pipeline: Pipeline, resolved: Resolved) -> Iterator[Problem]:
    """Its name among those of the project's workloads."""
    workloads = pipeline.site.project["workloads"]
    if pipeline.name in workloads:
        place = key_of(workloads, pipeline.name).span
        message = f"a workload is called `{pipeline.name}` too"
        related = ((place, "the workload"),)
        yield Problem(RULE.id, pipeline.key.span, message, "rename one of the two", related=related)
