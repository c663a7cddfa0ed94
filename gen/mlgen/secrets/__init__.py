"""Where the values of secrets come from, and the module that speaks to each source."""

from collections.abc import Iterator
from typing import Protocol

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.secrets import existing
from mlgen.site import Site
from mlgen.trace import Made


class Provider(Protocol):
    """A module that provides secrets."""

    def name(self, secret: Node, site: Site) -> Made:
        """The name of the Secret that holds ``secret``'s keys."""

    def objects(self, secret: Node, keys: Node, site: Site) -> Iterator[Object]:
        """What must stand in the cluster so that this Secret comes to be."""


PROVIDERS: dict[str, Provider] = {
    "existing": existing,
}
