"""The problems of one project in each of its environments -> each said once, with all the environments it is about."""

import re
from collections.abc import Iterable, Mapping

from mlgen.problem import Problem

ENVIRONMENT, OBJECT = "\0", "\1"
# How a message begins that is about a built object, which may be another in each environment.
HEAD = re.compile(rf"([A-Za-z]+/\S+) in {ENVIRONMENT}: ")


def together(found: Mapping[str, Iterable[Problem]]) -> list[Problem]:
    """Problems at one place that differ in the environment's name, or in the object, only, as one that names them all.

    Messages say `... in `prod``, so that they stay sentences with `dev`, `staging` and `prod` there. Those about a
    built object begin with `KIND/NAME in `prod`: `.
    """
    groups: dict[Problem, dict[str, Problem]] = {}
    for environment, problems in found.items():
        for problem in problems:
            groups.setdefault(_anywhere(problem, f"`{environment}`"), {}).setdefault(environment, problem)
    return [_one(general, group) for general, group in groups.items()]


def _anywhere(problem: Problem, name: str) -> Problem:
    message, hint = (text.replace(name, ENVIRONMENT) for text in (problem.message, problem.help))
    return problem._replace(message=HEAD.sub(OBJECT, message, count=1), help=hint, related=())


def _one(general: Problem, group: Mapping[str, Problem]) -> Problem:
    first, *others = group.values()
    if not others:
        return first
    names = _listed(group)
    message, hint = (text.replace(ENVIRONMENT, names) for text in (general.message, general.help))
    related = dict.fromkeys(note for problem in group.values() for note in problem.related)
    return general._replace(message=message.replace(OBJECT, _head(group)), help=hint, related=tuple(related))


def _head(group: Mapping[str, Problem]) -> str:
    """The objects, each with the environments where it is that one."""
    objects: dict[str, list[str]] = {}
    for name, problem in group.items():
        found = HEAD.match(problem.message.replace(f"`{name}`", ENVIRONMENT))
        objects.setdefault(found[1] if found is not None else "", []).append(name)
    return "; ".join(f"{title} in {_listed(names)}" for title, names in objects.items()) + ": "


def _listed(names: Iterable[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last
