"""A pipeline names a step that is none."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.override import runs_in
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unknown-step",
    title="A pipeline names a workload or a step that it has not got in this environment",
    why="It would wait for ever for what nobody starts.",
    bad='pipelines:\n  nightly: {schedule: "0 2 * * *", steps: [feature, train]}',
    good='pipelines:\n  nightly: {schedule: "0 2 * * *", steps: [features, train]}',
)


def check(pipeline: Pipeline, resolved: Resolved) -> Iterator[Problem]:
    """Every workload that it starts, and every step that another one waits for."""
    here = {workload.name for workload in resolved.workloads} | resolved.absent
    for name in pipeline.started:
        if said(name) not in here:
            yield _no_workload(pipeline, name)
    steps = [said(step.name) for step in pipeline.steps]
    for step in pipeline.steps:
        for name in step.after:
            if said(name) not in steps:
                meant = closest(said(name), steps)
                hint = f"did you mean `{meant}`?" if meant else "add it to the steps, or remove it here"
                message = f"`{said(step.name)}` waits for `{said(name)}`, which is no step of `{pipeline.name}`"
                yield Problem(RULE.id, name.span, message, hint)


def _no_workload(pipeline: Pipeline, name: Node) -> Problem:
    known, environment = pipeline.site.project["workloads"], said(pipeline.site.offer["name"])
    if said(name) not in known:
        meant = closest(said(name), known.entries)
        hint = f"did you mean `{meant}`?" if meant else "add it under `workloads`"
        return Problem(RULE.id, name.span, f"the project has no workload `{said(name)}`", hint)
    message = f"`{said(name)}` does not run in `{environment}`, where `{pipeline.name}` starts it"
    hint = f"say under `environments` of `{pipeline.name}` where it runs, or change its steps in `{environment}`"
    listed = known[said(name)].get("environments")
    if listed is None or runs_in(known[said(name)], environment):
        return Problem(RULE.id, name.span, message, hint)
    return Problem(RULE.id, name.span, message, hint, related=((listed.span, "it runs only in these"),))
