"""What a module of a kind declares: which places of its objects say which words of a workload."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mlgen.imports.naming import Words
from mlgen.imports.needs import Shared
from mlgen.imports.source import Source
from mlgen.node import Json, Node, Path

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


class Asked(NamedTuple):
    """An object that becomes the workload ``name``, and what it shares with others."""

    body: Node
    name: str
    shared: Shared


def nothing(_: Asked) -> Words:
    """No further words."""
    return {}


def always(_: Source) -> bool:
    """Whatever it says."""
    return True


def untold(_: Source) -> str:
    """Nothing in particular keeps it from being a workload."""
    return "it does not say what runs"


def by_name(source: Source) -> str:
    """The object's own name."""
    return source.own or source.name


@dataclass(frozen=True, slots=True)
class Form:
    """How objects of one kind say what a workload of ``kind`` says.

    ``pods`` are the places of its pods' specs: the first that is there says what all of them have, but for what they
    ask for, where another is ``sized``; ``mounts`` tells whether their volumes become data. ``says`` has, for places of
    the object, the workload's word for it; ``more`` says those that take several places to tell. ``moved`` are places
    that are elsewhere in what is built, where that is of another kind: ``becomes``. Of a map in ``exact`` nothing is
    kept that the object has not. ``wiring`` are places that mlgen writes in its own way, without a difference to
    anybody, and ``wired`` how; ``silent`` are those of which other notes tell. ``fits`` tells whether an object can be
    said at all, else it is kept whole, and ``otherwise`` why; ``called`` what the workload is called, where that is not
    the object's name.
    """

    kind: str
    pods: tuple[Path, ...]
    platform: str = ""
    sized: tuple[Path, ...] = ()
    says: Mapping[Path, Says] = field(default_factory=dict)
    more: Callable[[Asked], Words] = nothing
    becomes: Callable[[Node], str] = lambda _: ""
    moved: Mapping[Path, Path] = field(default_factory=dict)
    exact: tuple[Path, ...] = ()
    wiring: tuple[Path, ...] = ()
    wired: str = "mlgen's own labels select"
    silent: tuple[Path, ...] = ()
    fits: Callable[[Source], bool] = always
    otherwise: Callable[[Source], str] = untold
    called: Callable[[Source], str] = by_name
    mounts: bool = True

    def pod(self, body: Node) -> Path | None:
        """The place of the pod whose words are the workload's."""
        return first(body, self.pods)


def first(body: Node, pods: tuple[Path, ...]) -> Path | None:
    """The first of ``pods`` that has a container."""
    return next((path for path in pods if body.find(*path, "containers", 0) is not None), None)
