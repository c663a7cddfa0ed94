"""A project's ``environments.<env>`` -> problems: parts that hit nothing, and parts that change nothing."""

from collections.abc import Iterator
from itertools import takewhile

from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.suggest import did_you_mean
from mlgen.trace import said


def misses(project: Node, override: Node, environment: str) -> Iterator[Problem]:
    """Overrides of what the project does not have, or of what does not run in ``environment``."""
    for place, noun in (("workloads", "workload"), ("data", "data"), ("pipelines", "pipeline")):
        known = project[place].entries if place in project else {}
        for key in override[place].entries if place in override else ():
            span = override[place].key_span(key)
            if key not in known:
                message = f"the project has no {noun} `{key}` that `{environment}` could change"
                yield Problem("override-hits-nothing", span, message, did_you_mean(key, known) or "remove it")
            elif not runs_in(known[key], environment):
                message = f"`{key}` does not run in `{environment}`, so nothing is changed here"
                listed = known[key]["environments"].span
                hint = f"add `{environment}` to the {noun}'s environments, or remove this"
                yield Problem(
                    "override-hits-nothing", span, message, hint, related=((listed, "it runs only in these"),)
                )


def runs_in(workload: Node, environment: str) -> bool:
    """Whether a workload runs in ``environment``, as far as its own list goes."""
    listed = workload.get("environments")
    return listed is None or any(node.value == environment for node in listed.items)


def idle(patch: Node, before: Node, after: Node) -> Iterator[Problem]:
    """Leaves of ``patch`` that leave the value as it is without them."""
    for path in dict.fromkeys(_upto_list(path) for path, leaf in patch.leaves() if leaf.value != {}):
        own, old, new = patch.find(*path), before.find(*path), after.find(*path)
        if own is None:
            continue
        if old is None and new is None:
            message = f"there is no `{path[-1]}` here to take away"
        elif old is not None and new is not None and old.plain() == new.plain():
            message = f"this changes nothing: `{path[-1]}` is {_shown(old)} without it"
        else:
            continue
        where = own.span if own.span.line == own.span.end_line else patch.nearest(path[:-1]).key_span(str(path[-1]))
        yield Problem("override-changes-nothing", where, message, "remove it, or write another value", "warning")


def _upto_list(path: Path) -> Path:
    """A list replaces a list, so it is compared as a whole."""
    return tuple(takewhile(lambda key: isinstance(key, str), path))


def _shown(node: Node) -> str:
    return f"`{said(node)}`" if not isinstance(node.value, (dict, list)) else "the same"
