"""Tasks of a workflow that wait for what is not there, or for each other."""

import re
from collections.abc import Iterator, Mapping

from mlgen.body import Body, list_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.workflow import Call, fixed, tasks, templates
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="workflow-order",
    title="A task waits for a task that is not there, or for itself",
    why="Argo refuses a graph with a dependency that it has not got, or in which tasks wait for each other.",
    bad="tasks: [{name: train, template: train, depends: feature.Succeeded}, {name: features, template: features}]",
    good="tasks: [{name: train, template: train, depends: features.Succeeded}, {name: features, template: features}]",
    source="argo-workflows v4.1, workflow/validate/validate.go: validateDAG, verifyNoCycles; "
    "workflow/common/ancestry.go: ValidateTaskResults",
)
TERM = re.compile(r"([A-Za-z0-9_][-A-Za-z0-9_]*)(?:\.([A-Za-z]+))?")
RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed")


def check(body: Body) -> Iterator[Fault]:
    """Each graph of tasks."""
    for path, template in templates(body):
        calls = {text_at(call.said, "name"): call for call in tasks(template, path)}
        waits = {name: list(_waits(call)) for name, call in calls.items()}
        for name, call in calls.items():
            yield from _alone(call)
            for where, wanted, result in waits[name]:
                if wanted not in calls:
                    yield Fault(where, RULE.id, f"there is no task {code(wanted)}", did_you_mean(wanted, calls))
                elif result and result not in RESULTS:
                    message = f"a task cannot end as {code(result)}"
                    yield Fault(where, RULE.id, message, did_you_mean(result, RESULTS))
        yield from _circle(calls, {name: [wanted for _, wanted, _ in found] for name, found in waits.items()})
        for wanted in text_at(template, "dag", "target").split():
            if fixed(text_at(template, "dag", "target")) and wanted not in calls:
                where = (*path, "dag", "target")
                yield Fault(where, RULE.id, f"there is no task {code(wanted)}", did_you_mean(wanted, calls))


def _waits(call: Call) -> Iterator[tuple[Path, str, str]]:
    """What a task waits for: where it says so, the other task, and how that has to end."""
    for index, wanted in enumerate(list_at(call.said, "dependencies")):
        if isinstance(wanted, str) and fixed(wanted):
            yield (*call.path, "dependencies", index), wanted, ""
    depends = text_at(call.said, "depends")
    for term in TERM.finditer(depends) if fixed(depends) else ():
        yield (*call.path, "depends"), term[1], term[2] or ""


def _alone(call: Call) -> Iterator[Fault]:
    for other in ("dependencies", "continueOn"):
        if call.said.get("depends") and call.said.get(other):
            message = f"{code(other)} cannot stand beside `depends`"
            yield Fault((*call.path, other), RULE.id, message, "say all of it in `depends`")


def _circle(calls: Mapping[str, Call], waits: Mapping[str, list[str]]) -> Iterator[Fault]:
    """The first task that waits for itself, through others or not."""
    done: set[str] = set()
    for start in calls:
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(waits[start]))] if start not in done else []
        above = {start}
        while trail:
            name, following = trail[-1]
            wanted = next((one for one in following if one in calls and one not in done), None)
            if wanted is None:
                done.add(name)
                above.discard(name)
                trail.pop()
            elif wanted in above:
                names = [one for one, _ in trail]
                circle = [*names[names.index(wanted) :], wanted]
                message = f"tasks wait for each other: {' for '.join(code(one) for one in circle)}"
                yield Fault((*calls[wanted].path, "name"), RULE.id, message, "let one of them begin")
                return
            else:
                above.add(wanted)
                trail.append((wanted, iter(waits[wanted])))
