"""The problems of one project in each of its environments -> each said once, with all the environments it is about."""

from collections.abc import Iterable, Mapping

from mlgen.problem import Problem

ENVIRONMENT = "\0"


def together(found: Mapping[str, Iterable[Problem]]) -> list[Problem]:
    """Problems at one place that differ in the environment's name only, as one that names them all.

    Messages say `... in `prod``, so that they stay sentences with `dev`, `staging` and `prod` there.
    """
    groups: dict[Problem, dict[str, Problem]] = {}
    for environment, problems in found.items():
        for problem in problems:
            groups.setdefault(_anywhere(problem, f"`{environment}`"), {})[environment] = problem
    return [_one(general, group) for general, group in groups.items()]


def _anywhere(problem: Problem, name: str) -> Problem:
    message, hint = (text.replace(name, ENVIRONMENT) for text in (problem.message, problem.help))
    return problem._replace(message=message, help=hint, related=())


def _one(general: Problem, group: Mapping[str, Problem]) -> Problem:
    first, *others = group.values()
    if not others:
        return first
    *most, last = (f"`{name}`" for name in group)
    names = f"{', '.join(most)} and {last}"
    message, hint = (text.replace(ENVIRONMENT, names) for text in (general.message, general.help))
    related = dict.fromkeys(note for problem in group.values() for note in problem.related)
    return general._replace(message=message, help=hint, related=tuple(related))
