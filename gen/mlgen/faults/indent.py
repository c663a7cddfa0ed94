"""Faults, and an empty key beside what was meant to stand below it -> one problem, and the other faults."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from mlgen.faults.case import Case, Fault, code
from mlgen.faults.keys import known
from mlgen.node import Path
from mlgen.problem import Problem


def outdented(cases: Iterable[Case]) -> tuple[list[Problem], list[Fault]]:
    """The commonest slip of indentation, said once: `train:` has nothing, and its keys follow in its own column."""
    every = list(cases)
    strangers = {
        (*case.fault.path, key)
        for case in every
        if case.fault.keyword == "additionalProperties"
        for key in case.fault.detail
    }
    problems: list[Problem] = []
    meant_below: set[Path] = set()
    for case in every:
        keys = _below(case, strangers) if case.fault.keyword == "type" and case.nothing else []
        if keys:
            message = f"nothing stands after {code(f'{case.fault.path[-1]}:')}"
            hint = f"indent what belongs to it, from {code(f'{keys[0]}:')} on"
            problems.append(Problem("wrong-type", case.name_span, message, hint))
            meant_below |= {case.fault.path, *((*case.fault.path[:-1], key) for key in keys)}
    return problems, list(_without(every, meant_below)) if meant_below else [case.fault for case in every]


def _below(case: Case, strangers: set[Path]) -> list[str]:
    """The keys that follow ``case`` in its column and that its value would know, or its map not."""
    *above, key = case.fault.path
    around = case.root.nearest(tuple(above))
    keys, column = list(around.entries), around.key_span(str(key)).column
    own = known(case.schema, case.shape)
    anything = isinstance(case.shape.get("additionalProperties"), dict)

    def belongs(other: str) -> bool:
        fits = other in own or (anything and (*above, other) in strangers)
        return fits and around.key_span(other).column == column

    return list(takewhile(belongs, keys[keys.index(str(key)) + 1 :]))


def _without(cases: list[Case], paths: set[Path]) -> Iterator[Fault]:
    for case in cases:
        fault = case.fault
        if fault.keyword == "additionalProperties":
            left = [key for key in fault.detail if (*fault.path, key) not in paths]
            yield from [fault._replace(detail=left)] if left else []
        elif fault.path not in paths:
            yield fault
