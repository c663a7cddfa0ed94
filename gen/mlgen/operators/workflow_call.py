"""A workflow calls a template that it has not got."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.workflow import RUNS, fixed, names, steps, tasks, templates, workflow
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="workflow-call",
    title="A workflow calls a template that it has not got",
    why="Argo refuses the workflow when it is submitted, or a cron workflow each time that it is due.",
    bad="entrypoint: main\ntemplates: [{name: train, ...}]",
    good="entrypoint: train\ntemplates: [{name: train, ...}]",
    source="argo-workflows v4.1, workflow/validate/validate.go: ValidateWorkflow, validateSteps, validateDAG",
)
SORTS = ("template", "templateRef", "inline")


def check(body: Body) -> Iterator[Fault]:
    """The way in and out, and each step and task."""
    (path, spec), known = workflow(body), names(body)
    borrowed = bool(map_at(spec, "workflowTemplateRef"))
    if named(body) in RUNS and spec and not borrowed and not spec.get("entrypoint"):
        yield Fault(path, RULE.id, "nothing says which template to begin with", "add `entrypoint`")
    if not borrowed:
        for field in ("entrypoint", "onExit"):
            yield from _known(text_at(spec, field), (*path, field), known)
        for name, hook in map_at(spec, "hooks").items():
            yield from _known(text_at(hook, "template"), (*path, "hooks", name, "template"), known)
    for where, template in templates(body):
        for call in (*steps(template, where), *tasks(template, where)):
            sorts = [sort for sort in SORTS if call.said.get(sort) is not None]
            if len(sorts) > 1:
                said = " and ".join(code(sort) for sort in sorts)
                yield Fault((*call.path, sorts[1]), RULE.id, f"{said} both say what to call", "keep one of the two")
            elif not sorts:
                yield Fault(call.path, RULE.id, "nothing says what to call", "add `template`")
            if not borrowed:
                yield from _known(text_at(call.said, "template"), (*call.path, "template"), known)


def _known(wanted: str, where: Path, known: list[str]) -> Iterator[Fault]:
    if fixed(wanted) and wanted not in known:
        yield Fault(where, RULE.id, f"the workflow has no template {code(wanted)}", did_you_mean(wanted, known))
