"""What builders are given: Site, where a project meets an environment, and Workload, one complete workload there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlgen import template
from mlgen.node import Node
from mlgen.own.kind import NONE, Kinds
from mlgen.problem import MlgenError
from mlgen.template import Names
from mlgen.trace import said

MANIFESTS = "manifests"  # the folder beside it with further objects, whole
SEALED = "secrets"  # the folder beside a project's mlgen.yaml with what is sealed, by environment


@dataclass(frozen=True, slots=True)
class Site:
    """Where a project meets an environment. Builders read names and offers here, never which environment it is.

    ``offer`` is the environment's document, complete with defaults; ``namespace`` is the namespace's name and
    ``owned`` tells whether it is the project's own; ``release`` is what releases.yaml says for this environment.
    ``names`` are what templates may name here; ``sealed`` are the sealed secrets that lie in the project's folder for
    this environment, None in the place of one that cannot be read. ``kinds`` are those that the platform adds.
    """

    project: Node
    offer: Node
    namespace: Node
    owned: bool
    release: Node | None
    names: Names = field(default_factory=dict)
    sealed: Mapping[str, Node | None] = field(default_factory=dict)
    kinds: Kinds = NONE

    @property
    def name(self) -> str:
        """The project's name."""
        return said(self.project["name"])

    def filled(self, node: Node, **groups: Mapping[str, str]) -> Node:
        """``node``, of the environment, with its templates filled in; ``groups`` are further names.

        Raises MlgenError for a template that cannot be filled.
        """
        result, problems = template.fill(node, {**self.names, **groups})
        if problems:
            raise MlgenError(*problems)
        return result

    def sealed_file(self, secret: str) -> str:
        """Where ``secret`` lies, sealed for this environment."""
        folder = self.project.span.file.rpartition("/")[0]
        return f"{folder}/{SEALED}/{said(self.offer['name'])}/{secret}.yaml".removeprefix("/")

    def object_name(self, name: str) -> str:
        """``name`` as objects carry it: with the project's name before it in a namespace that others share."""
        return name if self.owned else f"{self.name}-{name}"


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload, complete: ``spec`` has passed its kind's schema and has every default.

    ``key`` is its name; ``image`` what the project runs where the workload names no image of its own; ``data`` and
    ``secrets`` are the project's entries by name, ``names`` the places of those names. ``part`` names what stands
    beside its main pods and has pods of its own, such as its TensorBoard; of the main ones it is empty.
    ``stepped`` tells whether a pipeline starts it here: then there is no run of its own.
    """

    key: Node
    spec: Node
    image: Node | None
    data: Mapping[str, Node]
    secrets: Mapping[str, Node]
    names: Mapping[str, Node]
    site: Site
    part: str = ""
    stepped: bool = False

    @property
    def name(self) -> str:
        """The workload's name in the spec."""
        return said(self.key)

    @property
    def kind(self) -> str:
        """The workload's kind: a key of ``mlgen.kinds.KINDS``, or of the platform's own kinds."""
        return said(self.spec["kind"])

    @property
    def object_name(self) -> str:
        """The name its objects carry."""
        return self.site.object_name(f"{self.name}-{self.part}" if self.part else self.name)


@dataclass(frozen=True, slots=True)
class Step:
    """A workload that a pipeline starts, by its name where that is written, and the steps that must be over first."""

    name: Node
    after: tuple[Node, ...]
    retries: Node


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One pipeline, complete: ``spec`` has every default; ``parameters`` are filled in but for what is scheduled.

    ``image`` is what the project runs where nobody names another image.
    """

    key: Node
    spec: Node
    parameters: Node | None
    steps: tuple[Step, ...]
    image: Node | None
    site: Site

    @property
    def name(self) -> str:
        """The pipeline's name in the spec."""
        return said(self.key)

    @property
    def started(self) -> list[Node]:
        """The names of all workloads that it may start."""
        told = self.spec.get("onFailure")
        return [*(step.name for step in self.steps), *([told] if told is not None else [])]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A project in one environment: its workloads and pipelines that have no errors, in the order of the spec.

    ``absent`` are the names of workloads that run here and have errors, which are told.
    """

    site: Site
    workloads: tuple[Workload, ...]
    pipelines: tuple[Pipeline, ...] = ()
    absent: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[Workload | Pipeline, ...]:
        """All that has a name of its own and objects."""
        return (*self.workloads, *self.pipelines)


def pin(text: str) -> tuple[str, str]:
    """Tag and digest of a release: `1.4.2@sha256:...`, or one of the two; the sign before a digest alone may lack."""
    tag, _, digest = text.partition("@")
    return ("", tag) if tag.startswith("sha256:") else (tag, digest)
