"""A workload or a pipeline runs in an environment that the project does not list."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unlisted-environment",
    title="A workload runs in an environment that the project does not list",
    why="Nothing is rendered for an environment that the project's `environments` does not list.",
    bad="workloads:\n  lab: {kind: notebook, users: [anna], environments: [dve]}\nenvironments: {dev: {}}",
    good="workloads:\n  lab: {kind: notebook, users: [anna], environments: [dev]}\nenvironments: {dev: {}}",
)


def check(project: Node) -> Iterator[Problem]:
    """Every name in a workload's own list."""
    known = project["environments"].entries
    listed = [*project["workloads"].entries.values()]
    if "pipelines" in project:
        listed += project["pipelines"].entries.values()
    for workload in listed:
        for name in workload["environments"].items if "environments" in workload else []:
            if said(name) not in known:
                meant = closest(said(name), known)
                hint = f"did you mean `{meant}`?" if meant else "add it to the project's `environments`, or remove it"
                yield Problem(RULE.id, name.span, f"the project does not run in `{said(name)}`", hint)
