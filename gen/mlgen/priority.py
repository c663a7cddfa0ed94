"""A workload's ``priority`` -> the classes that the environment has under that name, of its pods or in the queue."""

from mlgen.node import Node
from mlgen.site import Workload
from mlgen.trace import Made, made, said


def of(workload: Workload, part: str) -> Made | None:
    """The ``class`` of its pods, or that by which it goes ahead in the ``queue``; None where there is none."""
    asked = workload.spec.get("priority")
    found = entry(workload)
    node = found.get(part) if found is not None else None
    return None if asked is None or node is None else made(said(node), node, asked)


def entry(workload: Workload) -> Node | None:
    """What the environment says about the priority that it asks for."""
    asked = workload.spec.get("priority")
    return workload.site.offer.find("priorities", said(asked)) if asked is not None else None
