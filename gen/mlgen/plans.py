"""A project's ``pipelines`` and what an environment changes of them -> Pipelines, each with its steps in one form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from mlgen import override, template
from mlgen.merge import layered
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.site import Pipeline, Site, Step
from mlgen.trace import key_of, said

KEY = "pipelines"
PARAMETERS = "parameters"
# What is known only when a pipeline runs stands in the places of these until its engine fills it in.
SCHEDULED = {"date": "<scheduled.date>", "time": "<scheduled.time>"}
GROUP = "scheduled"
Names = Mapping[str, Mapping[str, str]]
Planned = tuple[Pipeline | None, list[Problem]]
Checked = Callable[[Node, str, Names], Node | None]


def here(project: Node, changes: Node, environment: str) -> Iterator[tuple[str, Node, Node | None]]:
    """The pipelines of ``project`` that run in ``environment``: name, what is written, and what ``changes`` of it."""
    for key, node in project[KEY].entries.items() if KEY in project else ():
        patch = changes.find(KEY, key)
        if override.runs_in(node, environment) and not (patch is not None and patch.value is None):
            yield key, node, patch


def filled(parameters: Node | None, names: Names) -> tuple[Node | None, list[Problem]]:
    """The parameters with what is known, and marks where something is known only when the pipeline runs."""
    if parameters is None:
        return None, []
    whole, problems = template.fill(parameters, {**names, GROUP: SCHEDULED})
    return whole, [*problems, *_filtered(parameters)]


def plan(key: Node, written: Node, image: Node | None, site: Site, names: Names, checked: Checked) -> Planned:
    """One pipeline, complete, and all that stands in its way. ``checked`` fills in and judges what is no parameter."""
    rest = replace(written, value={name: node for name, node in written.entries.items() if name != PARAMETERS})
    spec = checked(rest, "pipeline", names)
    parameters, problems = filled(written.get(PARAMETERS), names)
    if spec is None or problems:
        return None, problems
    return Pipeline(key, spec, parameters, tuple(steps(spec)), image, site), []


def steps(spec: Node) -> Iterator[Step]:
    """The steps of a pipeline: of a list, each waits for the one before."""
    listed, retries = spec["steps"], spec["retries"]
    before: tuple[Node, ...] = ()
    for name in listed.items:
        yield Step(name, before, retries)
        before = (name,)
    for key, entry in listed.entries.items():
        after = entry.get("after")
        yield Step(
            key_of(listed, key), tuple(after.items) if after is not None else (), entry.get("retries") or retries
        )


def stepping(project: Node, environment: str) -> dict[str, str]:
    """The workloads that a pipeline starts in ``environment``, each with that pipeline; read from what is written."""
    changes = project["environments"].get(environment)
    found: dict[str, str] = {}
    for key, node, patch in here(project, changes or replace(project, value={}), environment):
        whole = layered(node, patch)
        listed, told = whole.get("steps"), whole.get("onFailure")
        names = [*map(said, listed.items), *listed.entries] if listed is not None else []
        for name in [*names, *([said(told)] if told is not None else [])]:
            found.setdefault(name, key)
    return found


def _filtered(parameters: Node) -> Iterator[Problem]:
    """A filter would have nothing to work on: what is scheduled is known only when the pipeline runs."""
    for node in parameters.entries.values():
        text = node.value if isinstance(node.value, str) else ""
        for start, stop, source in template.expressions(text):
            if source is not None and "|" in source and source.split("|")[0].strip().startswith(f"{GROUP}."):
                message = "what is scheduled is known only when the pipeline runs, so no filter can work on it"
                hint = "leave the filter away, and change the text in the step's own program"
                yield Problem("template-forbidden", template.within(node.span, text, start, stop), message, hint)
