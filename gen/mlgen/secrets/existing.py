"""A secret that somebody put into the namespace: nothing to render, only its name."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.site import Site
from mlgen.trace import Draft, Made, made


def name(secret: Node, site: Site) -> Made:
    """The Secret is named as the project names it."""
    return made(secret)


def objects(secret: Node, keys: Node, site: Site) -> Iterator[Object]:
    """Nothing: it is there."""
    return iter(())


def volume(secret: Node, site: Site) -> Draft:
    """None: it is there for every pod."""
    return None
