"""The templates of own kinds -> how the objects that they make say that they are over, and how that went."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.node import Node
from mlgen.own.kind import Kinds


class Told(NamedTuple):
    """A kind of object, and what the one word at ``state`` of its status means."""

    api_version: str
    kind: str
    plural: str
    state: tuple[str, ...]
    succeeded: tuple[str, ...]
    failed: tuple[str, ...]
    running: tuple[str, ...]


def told(kinds: Kinds) -> Iterator[Told]:
    """All that templates tell."""
    for kind in kinds.every.values():
        for template in kind.templates.values():
            outcome = template.find("run", "outcome")
            if outcome is not None:
                yield _told(template["run"], outcome)


def _told(run: Node, outcome: Node) -> Told:
    kind, plural = str(run["kind"].scalar), outcome.get("plural")
    return Told(
        str(run["apiVersion"].scalar),
        kind,
        str(plural.scalar) if plural is not None else f"{kind.lower()}s",
        tuple(str(outcome["state"].scalar).split(".")),
        *(_words(outcome, key) for key in ("succeeded", "failed", "running")),
    )


def _words(outcome: Node, key: str) -> tuple[str, ...]:
    listed = outcome.get(key)
    return tuple(str(item.scalar) for item in listed.items) if listed is not None else ()
