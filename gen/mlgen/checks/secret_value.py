"""The value of a secret stands in a spec."""

from collections.abc import Iterator

from mlgen.node import Node, Path
from mlgen.practice.secret_value import RULE as RULE
from mlgen.problem import Problem
from mlgen.secret_places import written

HINT = "put the value into the environment's store, name it under `secrets`, and change it: it has been written down"
BESIDE = "this variable is named like a secret, and its value is written here"


def check(document: Node, /) -> Iterator[Problem]:
    """Variables whose name says that they are secret, and texts in the form of a token; not what is ignored there."""
    for path, name in written(document.plain()):
        leaf = document.find(*path)
        if leaf is not None and not _ignored(document, path):
            named = (
                BESIDE if path[-1] == "value" else f"`{path[-1]}` looks like a secret, and its value is written here"
            )
            message = named if name and isinstance(path[-1], str) else "this looks like the value of a secret"
            yield Problem(RULE.id, leaf.span, message, HINT)


def _ignored(document: Node, path: Path) -> bool:
    """Whether the document, or the workload in which ``path`` stands, ignores the rule and says why."""
    start = path[2:] if path[:1] == ("environments",) else path
    places: list[Path] = [(), path[: len(path) - len(start) + 2]]
    if start[:1] == ("workloads",):
        places.append(start[:2])  # what is ignored wherever the workload runs
    return any(document.find(*place, "ignore", RULE.id) is not None for place in places)
