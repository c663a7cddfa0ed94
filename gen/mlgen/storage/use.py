"""One workload's use of one piece of data, and what it takes to mount it."""

from typing import NamedTuple, Protocol

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.site import Site
from mlgen.trace import Draft, Made, made, said


class Use(NamedTuple):
    """``entry`` is what the project says of the data ``name``; ``read_only`` how this workload uses it."""

    name: Node
    entry: Node
    read_only: bool
    site: Site

    @property
    def path(self) -> Node | Made:
        """Where it is mounted."""
        return self.entry.get("path") or made(f"/data/{said(self.name)}", self.name)


class Mounted(NamedTuple):
    """The volume of a pod (without its name) and the objects that stand behind it."""

    volume: Draft
    objects: tuple[Object, ...] = ()


class Driver(Protocol):
    """A module that mounts one kind of data."""

    def mount(self, use: Use) -> Mounted:
        """What mounts ``use``. Raises MlgenError where the environment cannot."""
