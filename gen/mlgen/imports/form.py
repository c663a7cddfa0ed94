"""What a module of a kind declares: which places of its objects say which words of a workload."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mlgen.imports.source import Source
from mlgen.node import Json, Node, Path

Words = dict[str, Json]
Says = tuple[str, Callable[[Node], Json]]
MINUTE, HOUR, DAY = 60, 3600, 86400


def plainly(node: Node) -> Json:
    """The value as it is."""
    return node.plain()


def duration(node: Node) -> Json:
    """Seconds as specs write them, in the largest unit that says them."""
    value = node.plain()
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        return None
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if value % size == 0:
            return f"{value // size}{unit}"
    return f"{value}s"


def nothing(_: Node) -> Words:
    """No further words."""
    return {}


def always(_: Source) -> bool:
    """Whatever it says."""
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """How objects of one kind say what a workload of ``kind`` says.

    ``pods`` are the places of its pod templates: the first that is there says what all of them have. ``says`` has, for
    places of the object, the workload's word for it; ``more`` says those that take several places to tell. ``moved``
    are places that are elsewhere in what is built, where that is of another kind: ``becomes``. Of a map in ``exact``
    nothing is kept that the object has not. ``wiring`` are places that mlgen writes in its own way, without a
    difference to anybody. ``fits`` tells whether an object can be said at all, else it is kept whole.
    """

    kind: str
    pods: tuple[Path, ...]
    platform: str = ""
    says: Mapping[Path, Says] = field(default_factory=dict)
    more: Callable[[Node], Words] = nothing
    becomes: Callable[[Node], str] = lambda _: ""
    moved: Mapping[Path, Path] = field(default_factory=dict)
    exact: tuple[Path, ...] = ()
    wiring: tuple[Path, ...] = ()
    fits: Callable[[Source], bool] = always

    def pod(self, body: Node) -> Path | None:
        """The place of the pod template whose words are the workload's."""
        return next((path for path in self.pods if body.find(*path, "spec", "containers", 0) is not None), None)


NOT_A_NAME = re.compile(r"[^a-z0-9-]+")


def name(wanted: str, limit: int = 40) -> str:
    """What a spec may call something that others call ``wanted``."""
    found = NOT_A_NAME.sub("-", wanted.lower()).strip("-")[:limit].strip("-")
    return found if found[:1].isalpha() else f"x-{found}".rstrip("-")[:limit]
