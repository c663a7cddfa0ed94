"""Everything that no schema can say: the checks of projects, of workloads and of built objects, one module a rule."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from mlgen.checks import (
    bad_replicas,
    bad_schedule,
    mount_collision,
    name_too_long,
    no_effect,
    secret_value,
    too_many_gpus,
    unknown_data,
    unknown_gpu,
    unknown_secret,
    unlisted_environment,
    unpinned_image,
    untagged_image,
    unused,
    unused_release,
    variable_collision,
)
from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site, Workload


class ProjectCheck(Protocol):
    """A rule about a project's document."""

    RULE: Rule

    def check(self, project: Node) -> Iterator[Problem]:
        """What is wrong with ``project``, whatever the environment."""


class ReleasesCheck(Protocol):
    """A rule about a project's releases."""

    RULE: Rule

    def check(self, project: Node, releases: Node) -> Iterator[Problem]:
        """What is wrong with ``releases``."""


class WorkloadCheck(Protocol):
    """A rule about one workload in one environment; it stands before the workload is built."""

    RULE: Rule

    def check(self, workload: Workload) -> Iterator[Problem]:
        """What is wrong with ``workload``."""


class ObjectsCheck(Protocol):
    """A rule about what was built."""

    RULE: Rule

    def check(self, manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
        """What is wrong with ``manifests``."""


PROJECT: tuple[ProjectCheck, ...] = (unlisted_environment, unused, secret_value)
RELEASES: tuple[ReleasesCheck, ...] = (unused_release,)
WORKLOAD: tuple[WorkloadCheck, ...] = (
    unknown_data,
    unknown_secret,
    unknown_gpu,
    too_many_gpus,
    bad_replicas,
    bad_schedule,
    no_effect,
    mount_collision,
    variable_collision,
)
OBJECTS: tuple[ObjectsCheck, ...] = (name_too_long, untagged_image, unpinned_image)

RULES: tuple[Rule, ...] = (
    *(check.RULE for check in PROJECT),
    *(check.RULE for check in RELEASES),
    *(check.RULE for check in WORKLOAD),
    *(check.RULE for check in OBJECTS),
)


def of_project(project: Node) -> Iterator[Problem]:
    """What is wrong with a project, whatever the environment."""
    for check in PROJECT:
        yield from check.check(project)


def of_releases(project: Node, releases: Node | None) -> Iterator[Problem]:
    """What is wrong with a project's releases, if it has any."""
    if releases is not None:
        for check in RELEASES:
            yield from check.check(project, releases)


def of_workload(workload: Workload) -> Iterator[Problem]:
    """What is wrong with a workload in its environment."""
    for check in WORKLOAD:
        yield from check.check(workload)


def of_objects(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """What is wrong with what was built."""
    for check in OBJECTS:
        yield from check.check(manifests, site)
