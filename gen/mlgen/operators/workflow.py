"""A kind of Argo Workflows -> its spec and where that stands, and what its templates call."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.node import Path
from mlgen.pods import named

SPECS: Mapping[str, Path] = {
    "argoproj.io/v1alpha1 Workflow": ("spec",),
    "argoproj.io/v1alpha1 WorkflowTemplate": ("spec",),
    "argoproj.io/v1alpha1 ClusterWorkflowTemplate": ("spec",),
    "argoproj.io/v1alpha1 CronWorkflow": ("spec", "workflowSpec"),
}
RUNS = ("argoproj.io/v1alpha1 Workflow", "argoproj.io/v1alpha1 CronWorkflow")
FILLED_LATER = "{{"


class Call(NamedTuple):
    """A step or a task, at ``path``."""

    path: Path
    said: Body


def workflow(body: Body) -> tuple[Path, Body]:
    """The workflow's spec."""
    path = SPECS[named(body)]
    return path, map_at(body, *path)


def templates(body: Body) -> Iterator[tuple[Path, Body]]:
    """Each template, with where it stands."""
    path, spec = workflow(body)
    return (((*path, *where), template) for where, template in maps_at(spec, "templates"))


def steps(template: Body, path: Path) -> Iterator[Call]:
    """The steps of a template, row by row. (A row may stand without its list.)"""
    for number, row in enumerate(list_at(template, "steps")):
        if isinstance(row, list):
            for where, step in maps_at(template, "steps", number):
                yield Call((*path, *where), step)
        elif isinstance(row, dict):
            yield Call((*path, "steps", number), row)


def tasks(template: Body, path: Path) -> Iterator[Call]:
    """The tasks of a template's graph."""
    for where, task in maps_at(template, "dag", "tasks"):
        yield Call((*path, *where), task)


def fixed(text: str) -> bool:
    """Whether a name is known before the workflow runs."""
    return bool(text) and FILLED_LATER not in text


def names(body: Body) -> list[str]:
    """What the workflow's own templates are called."""
    return [text_at(template, "name") for _, template in templates(body)]
