"""The problems of one project in each of its environments -> each said once, with all the environments it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence

from mlgen.problem import Problem

FEW = 6
ENVIRONMENT, OBJECT = "\0", "\1"
# How a message begins that is about a built object, which may be another in each environment.
HEAD = re.compile(rf"([A-Za-z]+/\S+) in {ENVIRONMENT}: ")


def together(found: Mapping[str, Iterable[Problem]]) -> list[Problem]:
    """Problems at one place that differ in the environment or the object only, as one that names them all.

    Messages say `... in `prod``, so that they stay sentences with `dev`, `staging` and `prod` there. Those about a
    built object begin with `KIND/NAME in `prod`: `.
    """
    groups: dict[Problem, list[tuple[str, Problem]]] = {}
    for environment, problems in found.items():
        for problem in problems:
            groups.setdefault(_anywhere(problem, f"`{environment}`"), []).append((environment, problem))
    return [_one(general, group) for general, group in groups.items()]


def _anywhere(problem: Problem, name: str) -> Problem:
    message, hint = (text.replace(name, ENVIRONMENT) for text in (problem.message, problem.help))
    return problem._replace(message=HEAD.sub(OBJECT, message, count=1), help=hint, related=())


def _one(general: Problem, group: Sequence[tuple[str, Problem]]) -> Problem:
    if len(set(group)) == 1:
        return group[0][1]
    names = _listed(f"`{name}`" for name, _ in group)
    message, hint = (text.replace(ENVIRONMENT, names) for text in (general.message, general.help))
    related = dict.fromkeys(note for _, problem in group for note in problem.related)
    return general._replace(message=message.replace(OBJECT, _head(group)), help=hint, related=tuple(related))


def _head(group: Sequence[tuple[str, Problem]]) -> str:
    """The objects, each with the environments where it is that one."""
    places: dict[str, list[str]] = {}
    for name, problem in group:
        found = HEAD.match(problem.message.replace(f"`{name}`", ENVIRONMENT))
        places.setdefault(found[1] if found is not None else "", []).append(f"`{name}`")
    objects: dict[str, list[str]] = {}
    for title, names in places.items():
        objects.setdefault(_listed(names), []).append(title)
    return "; ".join(f"{_listed(titles)} in {names}" for names, titles in objects.items()) + ": "


def _listed(words: Iterable[str]) -> str:
    """Each once; of many the first few."""
    every = list(dict.fromkeys(words))
    shown = every if len(every) <= FEW else [*every[: FEW - 1], f"{len(every) - FEW + 1} more"]
    *most, last = shown
    return f"{', '.join(most)} and {last}" if most else last
