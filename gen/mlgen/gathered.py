"""Many objects -> the same, found by what they are called: what rules about references between them ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mlgen.body import Body, text_at
from mlgen.crd.imported import Imported
from mlgen.creations import Creation, creations
from mlgen.existing import BUILT_IN, Known, named_by, of_its_own_accord
from mlgen.labelled import Labelled, labelled
from mlgen.node import Node
from mlgen.pods import Pod, pods
from mlgen.policy.documents import Policies
from mlgen.references import Reference, references


@dataclass(frozen=True)
class Gathered:
    """``bodies`` are judged together. The other attributes are made once, when they are first asked for."""

    bodies: Sequence[Body]

    @cached_property
    def known(self) -> list[Known]:
        """Of every body the kind, the namespace and the name."""
        return [_known(body) for body in self.bodies]

    @cached_property
    def places(self) -> dict[Known, int]:
        """Which body has a kind, a namespace and a name; the first, where there are several."""
        found: dict[Known, int] = {}
        for index, known in enumerate(self.known):
            found.setdefault(known, index)
        return found

    @cached_property
    def pods(self) -> list[tuple[int, Pod]]:
        """Every pod, with the number of its body."""
        return [(index, pod) for index, body in enumerate(self.bodies) for pod in pods(body)]

    @cached_property
    def there(self) -> dict[tuple[str, str], list[tuple[int, Creation]]]:
        """By kind and name, what the bodies are and what comes of them, with the number of the body."""
        found: dict[tuple[str, str], list[tuple[int, Creation]]] = {}
        for index, body in enumerate(self.bodies):
            for one in creations(body):
                found.setdefault((one.kind, one.name), []).append((index, one))
        return found

    @cached_property
    def creations(self) -> dict[str, list[Creation]]:
        """By kind, what is there."""
        found: dict[str, list[Creation]] = {}
        for (kind, _), some in self.there.items():
            found.setdefault(kind, []).extend(one for _, one in some)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        """By kind, the numbers of the bodies; of an object and its variants the first."""
        found: dict[str, list[int]] = {}
        for index, (kind, _, _) in enumerate(self.known):
            if self.first(index):
                found.setdefault(kind, []).append(index)
        return found

    @cached_property
    def labelled(self) -> list[Labelled]:
        """Every sort of pod with its labels."""
        return [found for index, body in enumerate(self.bodies) for found in labelled(index, body)]

    @cached_property
    def by_label(self) -> dict[tuple[str, str], list[Labelled]]:
        """By a label, the pods that have it."""
        found: dict[tuple[str, str], list[Labelled]] = {}
        for one in self.labelled:
            for key, value in one.labels.items() if one.labels is not None else ():
                if isinstance(value, str):
                    found.setdefault((key, value), []).append(one)
        return found

    @cached_property
    def vague(self) -> list[Labelled]:
        """The pods whose labels are not all known."""
        return [one for one in self.labelled if one.labels is None or one.open]

    @cached_property
    def references(self) -> list[tuple[int, Reference]]:
        """Every reference by name, with the number of the body that has it."""
        return [(index, one) for index, body in enumerate(self.bodies) for one in references(body)]

    def first(self, number: int) -> bool:
        """Whether no body before this one is the same object: a folder may have an object and variants of it."""
        kind, namespace, name = self.known[number]
        return not name or len(self.there[kind, name]) == 1 or self.find(kind, name, namespace) == number

    def find(self, kind: str, name: str, namespace: str) -> int | None:
        """The body of ``kind`` and ``name`` in ``namespace``. One that says no namespace is in whichever is meant."""
        for index, _ in self.made(kind, name, namespace):
            if self.known[index][0] == kind and self.known[index][2] == name:
                return index
        return None

    def made(self, kind: str, name: str, namespace: str) -> list[tuple[int, Creation]]:
        """What is there of ``kind`` and ``name`` in ``namespace``, objects and what comes of them.

        Who says no namespace, here or there, is in whichever is meant.
        """
        found = self.there.get((kind, name), [])
        return [pair for pair in found if together(pair[1].namespace, namespace)]

    def called(self, kind: str, namespace: str) -> list[str]:
        """The names of what is there of ``kind`` in ``namespace``."""
        return [one.name for one in self.creations.get(kind, ()) if together(one.namespace, namespace)]

    def of(self, *kinds: str) -> Iterator[tuple[int, Body]]:
        """The bodies of ``kinds``, each with its number; of an object and its variants the first."""
        return ((index, self.bodies[index]) for kind in dict.fromkeys(kinds) for index in self.kinds.get(kind, ()))


@dataclass(frozen=True)
class Setting:
    """Where objects are meant to go. ``minor`` is the Kubernetes version; ``offer`` the environment's document,
    complete with defaults, or None where nobody said which environment: then good practice, and references that
    something else may satisfy, are warnings only. ``besides`` is what exists there as a project says;
    ``imported`` are the custom resources that the platform repository has schemas of, ``policies`` what the cluster
    enforces. ``tracked``: Argo CD or Flux keeps all of the objects as git has them."""

    minor: str
    offer: Node | None = None
    besides: frozenset[Known] = frozenset()
    imported: Imported = field(default_factory=lambda: Imported({}))
    policies: Policies = field(default_factory=Policies)
    tracked: bool = False

    @cached_property
    def existing(self) -> frozenset[Known]:
        """All that exists there, made by nobody here."""
        named = named_by(self.offer) if self.offer is not None else ()
        return BUILT_IN.union(self.besides, named)

    def has(self, kind: str, name: str, namespace: str) -> bool:
        """Whether an object is said to exist, or does in every cluster."""
        places = ("", namespace) if namespace else {where for _, where, _ in self.existing}
        return of_its_own_accord(kind, name) or any((kind, where, name) in self.existing for where in places)

    @cached_property
    def operators(self) -> frozenset[str]:
        """What runs there beside Kubernetes, as the environment's `platform` says: "spark-operator-2.5"."""
        platform = self.offer.get("platform") if self.offer is not None else None
        chosen = platform.entries.values() if platform is not None else ()
        return frozenset(one.value for one in chosen if isinstance(one.value, str))


def _known(body: Body) -> Known:
    return text_at(body, "kind"), text_at(body, "metadata", "namespace"), text_at(body, "metadata", "name")


def together(one: str, other: str) -> bool:
    """Whether two namespaces may be the same: who says none is in whichever is meant."""
    return one == other or not one or not other
