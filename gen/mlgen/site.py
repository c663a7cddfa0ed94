"""What builders are given: Site, where a project meets an environment, and Workload, one complete workload there."""

from collections.abc import Mapping
from dataclasses import dataclass

from mlgen.node import Node
from mlgen.trace import said


@dataclass(frozen=True, slots=True)
class Site:
    """Where a project meets an environment. Builders read names and offers here, never which environment it is.

    ``offer`` is the environment's document, complete with defaults; ``namespace`` is the namespace's name and
    ``owned`` tells whether it is the project's own; ``release`` is what releases.yaml says for this environment.
    """

    project: Node
    offer: Node
    namespace: Node
    owned: bool
    release: Node | None

    @property
    def name(self) -> str:
        """The project's name."""
        return said(self.project["name"])

    def object_name(self, name: str) -> str:
        """``name`` as objects carry it: with the project's name before it in a namespace that others share."""
        return name if self.owned else f"{self.name}-{name}"


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload, complete: ``spec`` has passed its kind's schema and has every default.

    ``key`` is its name; ``image`` what the project runs where the workload names no image of its own; ``data`` and
    ``secrets`` are the project's entries by name, ``names`` the places of those names.
    """

    key: Node
    spec: Node
    image: Node | None
    data: Mapping[str, Node]
    secrets: Mapping[str, Node]
    names: Mapping[str, Node]
    site: Site

    @property
    def name(self) -> str:
        """The workload's name in the spec."""
        return said(self.key)

    @property
    def kind(self) -> str:
        """The workload's kind: a key of ``mlgen.kinds.KINDS``."""
        return said(self.spec["kind"])

    @property
    def object_name(self) -> str:
        """The name its objects carry."""
        return self.site.object_name(self.name)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A project in one environment: its workloads that have no errors, in the order of the spec."""

    site: Site
    workloads: tuple[Workload, ...]
