"""A project that runs nothing."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import MANIFESTS

RULE = Rule(
    id="empty-project",
    title="A project with no workload and no object",
    why="Nothing would come of it. A project whose objects all stand whole under `manifests` may have no workload.",
    bad="workloads: {}",
    good="workloads:\n  train: {kind: job, command: [python, -m, churn.train]}",
)
EXAMPLE = "for example `workloads: {train: {kind: job, command: [python, -m, churn.train]}}`"


def check(project: Node) -> Iterator[Problem]:
    """Whether there is anything at all."""
    further = project.get(MANIFESTS)
    if not project["workloads"].entries and not (further is not None and further.items):
        yield Problem(RULE.id, project.key_span("workloads"), "`workloads` is empty", EXAMPLE)
