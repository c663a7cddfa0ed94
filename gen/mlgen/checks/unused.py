"""Data or a secret that no workload uses."""

from collections.abc import Iterator

from mlgen.checks.unknown_data import named
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="unused",
    title="Data, a secret or an image that no workload uses",
    why="Nothing that is written is ignored in silence: what nobody uses was forgotten somewhere.",
    bad="data: {features: {blob: churn/features}}\nworkloads:\n  train: {kind: job, image: churn}",
    good="data: {features: {blob: churn/features}}\nworkloads:\n  train: {kind: job, image: churn, data: [features]}",
)


def check(project: Node) -> Iterator[Problem]:
    """Entries whose names no workload mentions, in the project or in what an environment changes."""
    specs = [*project["workloads"].entries.values(), *_overrides(project)]
    used = {
        "data": {said(name) for spec in specs for name in named(spec)},
        "secrets": {said(name) for spec in specs for name in (spec["secrets"].items if "secrets" in spec else [])},
    }
    for place, names in used.items():
        for key in project[place].entries if place in project else ():
            if key not in names:
                noun = "data" if place == "data" else "secret"
                hint = f"add it to a workload's `{place}`, or remove it"
                yield Problem(
                    RULE.id, project[place].key_span(key), f"no workload uses the {noun} `{key}`", hint, "warning"
                )
    if (
        "image" in project
        and "pipelines" not in project
        and all("image" in spec or _brings_its_own(spec) for spec in project["workloads"].entries.values())
    ):
        message = "no workload uses this image: each has its own"
        yield Problem(RULE.id, project.key_span("image"), message, "remove it", "warning")


def _overrides(project: Node) -> Iterator[Node]:
    for override in project["environments"].entries.values():
        yield from override["workloads"].entries.values() if "workloads" in override else ()


def _brings_its_own(spec: Node) -> bool:
    return "server" in spec and said(spec["server"]) not in ("custom", "ray")
