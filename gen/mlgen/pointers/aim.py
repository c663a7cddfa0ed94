"""What an engine is pointed at: a project's finished objects, and the folder of the repository that has them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.site import Site
from mlgen.trace import Made, text


@dataclass(frozen=True, slots=True)
class Aim:
    """What is pointed at: the finished objects of a project at ``site``, in the repository's ``folder``.

    ``gitops`` is what the environment says of it; ``around`` is the folder that has all that ``folder`` needs.
    """

    site: Site
    gitops: Node
    manifests: Sequence[Manifest]
    folder: str
    around: str

    @property
    def name(self) -> Made:
        """What the engine calls it: two environments on one cluster have two names."""
        return text("{}-{}", self.site.project["name"], self.site.offer["name"])
