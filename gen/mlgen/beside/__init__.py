"""What stands beside each workload so that its pods may be reached and watched: one module a sort of object."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.beside import monitoring, network
from mlgen.beside.needs import Needs
from mlgen.objects import Object
from mlgen.site import Workload


class Companion(Protocol):
    """A module that builds what one workload needs beside it."""

    def objects(self, workload: Workload, needs: Needs) -> Iterator[Object]:
        """What ``workload`` needs; nothing where the environment does not offer or ask for it."""


BESIDE: Mapping[str, Companion] = {
    "network": network,
    "monitoring": monitoring,
}


def objects(workload: Workload, needs: Needs) -> Iterator[Object]:
    """Everything that stands beside ``workload``."""
    for module in BESIDE.values():
        yield from module.objects(workload, needs)
