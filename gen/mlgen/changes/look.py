"""What a look at a change is given, the scene, and what it yields: a risk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from mlgen.changes.compare import Change
from mlgen.footprint import Share, footprint
from mlgen.gathered import Gathered
from mlgen.manifest import Manifest, Ref
from mlgen.node import Node

Level = Literal["danger", "warning", "note"]
LEVELS: tuple[Level, ...] = ("danger", "warning", "note")


class Risk(NamedTuple):
    """One thing that a change does. ``rule`` names its sort for programs; ``help`` is a way out, or how to watch it."""

    level: Level
    rule: str
    text: str
    help: str = ""


@dataclass(frozen=True)
class Scene:
    """Where a change is made: what the environment offers, the kinds of the project's workloads by their names, and by
    object what its pods ask for."""

    offer: Node | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[Ref, Sequence[Share]] = field(default_factory=dict)


Look: TypeAlias = Callable[[Change, Scene], Iterator[Risk]]


def shares(manifests: Iterable[Manifest]) -> dict[Ref, list[Share]]:
    """What the pods of each object ask for, as many of them as its autoscaler allows."""
    every = list(manifests)
    found: dict[Ref, list[Share]] = {}
    for share in footprint(Gathered([manifest.body for manifest in every])):
        found.setdefault(every[share.body].ref, []).append(share)
    return found


def touched(change: Change, *path: str) -> bool:
    """Whether something below ``path`` is not as it was."""
    return any(one.path[: len(path)] == path for one in change.fields)
