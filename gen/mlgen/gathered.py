"""Many objects -> the same, found by what they are called: what rules about references between them ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mlgen.body import Body, text_at
from mlgen.crd.imported import Imported
from mlgen.node import Node
from mlgen.pods import Pod, pods
from mlgen.policy.documents import Policies

Known = tuple[str, str, str]  # kind, namespace (empty: not said) and name


@dataclass(frozen=True)
class Gathered:
    """``bodies`` are judged together. The other attributes are made once, when they are first asked for."""

    bodies: Sequence[Body]

    @cached_property
    def places(self) -> dict[Known, int]:
        """Which body has a kind, a namespace and a name; the first, where there are several."""
        found: dict[Known, int] = {}
        for index, body in enumerate(self.bodies):
            found.setdefault(_known(body), index)
        return found

    @cached_property
    def pods(self) -> list[tuple[int, Pod]]:
        """Every pod, with the number of its body."""
        return [(index, pod) for index, body in enumerate(self.bodies) for pod in pods(body)]

    def find(self, kind: str, name: str, namespace: str) -> int | None:
        """The body of ``kind`` and ``name`` in ``namespace``. One that says no namespace is in whichever is meant."""
        for where in (namespace, ""):
            if (found := self.places.get((kind, where, name))) is not None:
                return found
        return None

    def of(self, *kinds: str) -> Iterator[tuple[int, Body]]:
        """The bodies of ``kinds``, each with its number."""
        return ((index, body) for index, body in enumerate(self.bodies) if body.get("kind") in kinds)


@dataclass(frozen=True)
class Setting:
    """Where objects are meant to go. ``minor`` is the Kubernetes version; ``offer`` the environment's document,
    complete with defaults, or None where nobody said which environment: then good practice, and references that
    something else may satisfy, are warnings only. ``imported`` are the custom resources that the platform repository
    has schemas of, ``policies`` what the cluster enforces."""

    minor: str
    offer: Node | None = None
    imported: Imported = field(default_factory=lambda: Imported({}))
    policies: Policies = field(default_factory=Policies)


def _known(body: Body) -> Known:
    kind = body.get("kind")
    return str(kind), text_at(body, "metadata", "namespace"), text_at(body, "metadata", "name")
