"""``{blob: CONTAINER/FOLDER}`` -> the bucket and the folder in it, for stores in which buckets are all there is."""

from typing import NamedTuple

from mlgen.node import Node
from mlgen.storage.use import Use
from mlgen.trace import Made, made, said

CAPACITY = "1Ti"


class Place(NamedTuple):
    """A folder of a bucket; empty for all of it."""

    bucket: Node | Made
    folder: str


def place(use: Use) -> Place:
    """Names of buckets are taken all over the world: an environment may have one, and every container is in it."""
    written, own = use.entry["blob"], use.site.offer.find("storage", "blob", "bucket")
    if own is not None:
        return Place(own, said(written))
    container, _, folder = said(written).partition("/")
    return Place(made(container, written), folder)
