"""A workload names data that the project does not have."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import did_you_mean
from mlgen.trace import said

RULE = Rule(
    id="unknown-data",
    title="A workload names data that the project does not have in this environment",
    why="The pod would wait for a volume for ever.",
    bad="data: {features: {blob: churn/features}}\nworkloads:\n  train: {kind: job, data: [feature]}",
    good="data: {features: {blob: churn/features}}\nworkloads:\n  train: {kind: job, data: [features]}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Every name under `data`, and that of the model's data."""
    for name in named(workload.spec):
        if said(name) not in workload.data:
            hint = did_you_mean(said(name), workload.data) or "add it under the project's `data`"
            yield Problem(RULE.id, name.span, f"the project has no data `{said(name)}`", hint)


def named(spec: Node) -> Iterator[Node]:
    """The names of data that a workload uses."""
    listed, model = spec.get("data"), spec.find("model", "data")
    yield from listed.items if listed is not None else []
    if model is not None:
        yield model
