"""What surrounds a project's workloads in an environment: one module a sort of object."""

from collections.abc import Iterator
from typing import Protocol

from mlgen.around import default_deny, namespace, queue, quota
from mlgen.objects import Object
from mlgen.site import Site


class Surrounding(Protocol):
    """A module that builds what a project needs once in each environment."""

    def objects(self, site: Site) -> Iterator[Object]:
        """What ``site`` needs; nothing where the environment does not offer or ask for it."""


AROUND: dict[str, Surrounding] = {
    "namespace": namespace,
    "quota": quota,
    "queue": queue,
    "default-deny": default_deny,
}


def objects(site: Site) -> Iterator[Object]:
    """Everything that surrounds the workloads of ``site``."""
    for module in AROUND.values():
        yield from module.objects(site)
