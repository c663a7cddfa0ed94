"""A value that none of several shapes takes -> what is wrong with it in the shape it was meant to have."""

from collections.abc import Iterator
from dataclasses import replace

from mlgen.faults.case import Case, Fault
from mlgen.faults.keys import excluded, listed, unknown
from mlgen.faults.values import example, none_of, not_a, wrong_form
from mlgen.problem import Problem
from mlgen.schema.branches import meant, naming_key, naming_keys, options, takes, types
from mlgen.schema.contract import Shape


def alternatives(case: Case) -> Iterator[Problem | Fault]:
    """The faults of the branch that was meant; one problem that names the choice if that cannot be told."""
    branches = [case.schema.full(branch) for branch in case.shape[case.fault.keyword]]
    planned = [key for key in case.node.entries if key in case.shape.get("x-planned", {})]
    clashing, mistagged = _clashing(case, branches), _mistagged(case, branches)
    if planned:
        yield from (unknown(case, key) for key in planned)
    elif len(clashing) > 1:
        yield excluded(case, clashing)
    elif mistagged is not None:
        yield mistagged
    else:
        told = meant(case.node, branches)
        told = told if len(told) < 2 else _least_wrong(case, told) or told
        if len(told) == 1 and case.fault.branches:
            yield from case.fault.branches[told[0]]
        else:
            yield _untold(case, [branches[index] for index in told] or branches)


def contradiction(case: Case) -> Iterator[Problem]:
    """``not``: keys that exclude each other, or a value that is reserved."""
    keys = case.shape.get("not", {}).get("required", [])
    if len(keys) > 1:
        yield excluded(case, list(keys))
    else:
        yield from wrong_form(case)


def _clashing(case: Case, branches: list[Shape]) -> list[str]:
    fitting = [index for index, branch in enumerate(branches) if takes(branch, case.node.value)]
    names = (naming_key(branches, index) for index in fitting)
    return [name for name in dict.fromkeys(names) if name is not None and name in case.node]


def _mistagged(case: Case, branches: list[Shape]) -> Problem | None:
    """A tag such as `from`, which has one value in each branch, has the value of none."""
    maps = [branch.get("properties", {}) for branch in branches if "properties" in branch]
    for key, node in case.node.entries.items():
        tags = [properties[key]["const"] for properties in maps if "const" in properties.get(key, {})]
        if tags and len(tags) == len(maps) and node.value not in tags:
            inner = replace(case, fault=case.fault._replace(path=(*case.fault.path, key)))
            return none_of(inner, tags, case.shape.get("x-planned-values", {}))
    return None


def _least_wrong(case: Case, told: list[int]) -> list[int]:
    """Of lists and texts: the one branch that objects to something inside it, not to the thing itself."""
    if case.node.entries:
        return []
    depth = {index: max((len(fault.path) for fault in case.fault.branches[index]), default=0) for index in told}
    deepest = [index for index in told if depth[index] == max(depth.values())]
    return deepest if len(deepest) == 1 and depth[deepest[0]] > len(case.fault.path) else []


def _untold(case: Case, branches: list[Shape]) -> Problem:
    """No branch stands out: name the choice."""
    if not any(takes(branch, case.node.value) for branch in branches):
        return not_a(case, {name for branch in branches for name in types(branch)})
    if isinstance(case.node.value, dict):
        return _no_tag(case, branches)
    choices = [value for branch in branches for value in options(branch)]
    if choices and all(options(branch) for branch in branches):
        return none_of(case, choices, case.shape.get("x-planned-values", {}))
    said = "; or ".join(branch["x-message"] for branch in branches if "x-message" in branch)
    problem = next(wrong_form(case))
    return problem if "x-message" in case.shape or not said else problem._replace(message=f"{problem.message}: {said}")


def _no_tag(case: Case, branches: list[Shape]) -> Problem:
    every = naming_keys(branches)
    if not every:
        return Problem("wrong-form", case.name_span, f"{case.label} has none of the forms it may have")
    if case.fault.keyword == "anyOf" and not any("properties" in branch for branch in branches):
        return Problem("one-of", case.name_span, f"at least one of {listed(every)} must be given")
    says = f"says what {case.label} is" if case.fault.path else "must be given"
    return Problem("one-of", case.name_span, f"exactly one of {listed(every)} {says}", example(case))
