"""The sorts of checks: what each is given, and what it says of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Pipeline, Resolved, Site, Workload


class Check(Protocol):
    """A module with one rule."""

    RULE: Rule


class DocumentCheck(Check, Protocol):
    """A rule about any document."""

    def check(self, document: Node, /) -> Iterator[Problem]:
        """What is wrong with ``document``."""


class ProjectCheck(Check, Protocol):
    """A rule about a project's document."""

    def check(self, project: Node, /) -> Iterator[Problem]:
        """What is wrong with ``project``, whatever the environment."""


class ReleasesCheck(Check, Protocol):
    """A rule about a project's releases."""

    def check(self, project: Node, releases: Node) -> Iterator[Problem]:
        """What is wrong with ``releases``."""


class WorkloadCheck(Check, Protocol):
    """A rule about one workload in one environment; it stands before the workload is built."""

    def check(self, workload: Workload) -> Iterator[Problem]:
        """What is wrong with ``workload``."""


class PipelineCheck(Check, Protocol):
    """A rule about one pipeline in one environment; it stands before the pipeline is built."""

    def check(self, pipeline: Pipeline, resolved: Resolved, /) -> Iterator[Problem]:
        """What is wrong with ``pipeline``, which is one of ``resolved``."""


class TogetherCheck(Check, Protocol):
    """A rule about all workloads of a project in one environment."""

    def check(self, workloads: Sequence[Workload]) -> Iterator[Problem]:
        """What is wrong with ``workloads`` together, each of them sound by itself."""


class ObjectsCheck(Check, Protocol):
    """A rule about what was built."""

    def check(self, manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
        """What is wrong with ``manifests``."""


class ProjectsCheck(Check, Protocol):
    """A rule about all that is built for one environment."""

    def check(self, offer: Node, built: Mapping[str, Sequence[Manifest]]) -> Iterator[Problem]:
        """What is wrong with what the projects ``built``, by their names, together."""

    def concerns(self, offer: Node, manifests: Sequence[Manifest]) -> bool:
        """Whether what one project builds may be part of it."""


class EnvironmentsCheck(Check, Protocol):
    """A rule about all environments together."""

    def check(self, environments: Mapping[str, Node], /) -> Iterator[Problem]:
        """What is wrong between ``environments``, by their names."""
