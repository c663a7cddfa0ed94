"""Steps of a pipeline that wait for each other."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved
from mlgen.trace import said

RULE = Rule(
    id="step-cycle",
    title="Steps of a pipeline that wait for each other",
    why="None of them would ever start.",
    bad="steps:\n  features: {after: [train]}\n  train: {after: [features]}",
    good="steps:\n  features: {}\n  train: {after: [features]}",
)


def check(pipeline: Pipeline, resolved: Resolved) -> Iterator[Problem]:
    """The first circle, at the wait that closes it."""
    waits = {said(step.name): step.after for step in pipeline.steps}
    trail, found = _circle({name: [said(one) for one in after] for name, after in waits.items()})
    if found:
        place = next(name.span for name in waits[trail[-1]] if said(name) == found)
        names = " for ".join(f"`{name}`" for name in [*trail[trail.index(found) :], found])
        yield Problem(RULE.id, place, f"steps wait for each other: {names}", "let one of them begin")


def _circle(waits: dict[str, list[str]]) -> tuple[list[str], str]:
    """A way through steps that wait, and the one of them that the last waits for; nothing if there is no circle."""
    done: set[str] = set()

    def follow(name: str, trail: list[str]) -> tuple[list[str], str]:
        for wanted in waits[name]:
            if wanted in [*trail, name]:
                return [*trail, name], wanted
            if wanted in waits and wanted not in done:
                found = follow(wanted, [*trail, name])
                if found[1]:
                    return found
        done.add(name)
        return [], ""

    return next((found for name in waits if name not in done and (found := follow(name, []))[1]), ([], ""))
