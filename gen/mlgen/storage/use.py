"""One workload's use of one piece of data, and what it takes to mount it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site
from mlgen.trace import Draft, Made, made, said


class Use(NamedTuple):
    """``entry`` is what the project says of the data ``name``; ``read_only`` how this workload uses it, ``user`` the
    id that its container runs as."""

    name: Node
    entry: Node
    read_only: bool
    user: Node
    site: Site

    @property
    def path(self) -> Node | Made:
        """Where it is mounted."""
        return self.entry.get("path") or made(f"/data/{said(self.name)}", self.name)


class Mounted(NamedTuple):
    """The volume of a pod (without its name) and the objects that stand behind it.

    ``folder`` is what the container sees of the volume, if not all; ``per_pod`` tells that pods share the volume, and
    that each must have a folder of its own there; ``notes`` are annotations by which the driver knows the pod.
    """

    volume: Draft
    objects: tuple[Object, ...] = ()
    folder: Draft = None
    per_pod: bool = False
    notes: Mapping[str, Draft] = {}


class Driver(Protocol):
    """A module that mounts one kind of data."""

    def mount(self, use: Use) -> Mounted:
        """What mounts ``use``. Raises MlgenError where the environment cannot."""


def claimed(use: Use) -> str:
    """How an override says that a claim is mounted instead: what claims do not have is taken away."""
    gone = [f"{key}: null" for key in use.entry.keys if key not in ("access", "path")]
    return f"`{{{', '.join([*gone, 'claim: NAME'])}}}`"


def lacking(use: Use, key: str, rule: str, message: str, hint: str) -> MlgenError:
    """That the environment has nothing to mount ``key`` of the entry: names both files."""
    environment = use.site.offer["name"]
    place = use.entry[key].span
    return MlgenError(Problem(rule, place, message, hint, related=((environment.span, "this environment"),)))
