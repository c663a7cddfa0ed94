"""A workload names data that the project does not have."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
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
            yield _taken_away(workload, name) if f"data/{said(name)}" in workload.names else _unknown(workload, name)


def _unknown(workload: Workload, name: Node) -> Problem:
    meant = closest(said(name), workload.data)
    hint = f"did you mean `{meant}`?" if meant is not None else "add it under the project's `data`"
    return Problem(RULE.id, name.span, f"the project has no data `{said(name)}`", hint)


def _taken_away(workload: Workload, name: Node) -> Problem:
    environment = said(workload.site.offer["name"])
    place = workload.site.project["environments"][environment]["data"].key_span(said(name))
    message = f"the project has no data `{said(name)}` in `{environment}`, where `{workload.name}` uses it"
    hint = f"let `{workload.name}` do without it there too, or keep it"
    return Problem(RULE.id, name.span, message, hint, related=((place, "it is taken away here"),))


def named(spec: Node) -> Iterator[Node]:
    """The names of data that a workload uses."""
    listed, model = spec.get("data"), spec.find("model", "data")
    yield from listed.items if listed is not None else []
    if model is not None:
        yield model
