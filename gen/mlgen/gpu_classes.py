"""What a pod asks for, and an environment's classes of GPU -> which class its GPUs are of."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.footprint import Share
from mlgen.node import Node
from mlgen.trace import said


def classes(offer: Node) -> dict[str, Node]:
    """The environment's classes of GPU by name."""
    found = offer.get("gpus")
    return dict(found.entries) if found is not None else {}


def gpus(share: Share, offer: Node) -> Iterator[tuple[str, str, int]]:
    """Each class that a pod asks GPUs of, its resource and how many; none where two classes are possible.

    Classes that share a resource differ in their nodes.
    """
    for resource, amount in share.requests.items():
        alike = {name: one for name, one in classes(offer).items() if said(one["resource"]) == resource}
        fitting = [name for name, one in alike.items() if _goes_there(share, one)]
        name = fitting[0] if len(fitting) == 1 else next(iter(alike)) if len(alike) == 1 else ""
        if name and amount:
            yield name, resource, int(amount)


def _goes_there(share: Share, offer: Node) -> bool:
    wanted, asked = offer.get("nodeSelector"), map_at(share.spec, "nodeSelector")
    if wanted is None:
        return False
    return all(asked.get(key) == value.value for key, value in wanted.entries.items())
