"""A platform repository -> what a command takes for its files: those in the work tree, or others."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple, Protocol

from mlgen import disk
from mlgen.problem import Problem

Read = tuple[dict[str, bytes], list[Problem]]  # files by their paths, and why others could not be read


class Ground(Protocol):
    """What a command compares and checks."""

    def inputs(self) -> Read:
        """Every file that users write."""

    def present(self, project: str) -> Read:
        """Every file in overlays/<project>, by its path there."""

    def projects(self) -> Collection[str]:
        """The projects that have been rendered."""


class WorkTree(NamedTuple):
    """The files that lie there."""

    root: Path

    def inputs(self) -> Read:
        """As the protocol says."""
        return disk.read_inputs(self.root)

    def present(self, project: str) -> Read:
        """As the protocol says."""
        return disk.read_present(self.root, project)

    def projects(self) -> Collection[str]:
        """As the protocol says."""
        return disk.projects_present(self.root)
