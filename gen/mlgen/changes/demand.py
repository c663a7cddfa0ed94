"""What the pods of a project asked for and ask for now -> what is more or less, against its quota and what there is."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from mlgen.amount import quantity
from mlgen.changes.look import Level, Risk
from mlgen.changes.size import Size, memory, number, size
from mlgen.footprint import Share
from mlgen.manifest import Ref
from mlgen.node import Node


class Demand(NamedTuple):
    """Of one resource, what all pods at once ask for: `cpu`, `memory`, or a class of GPU.

    ``quota`` is the most that the project may have, ``total`` what there is; None where nobody said.
    """

    resource: str
    gpu: bool
    before: Fraction
    after: Fraction
    quota: Fraction | None
    total: Fraction | None

    def said(self, value: Fraction | None) -> str | None:
        """An amount of it as people write it."""
        return None if value is None else memory(value) if self.resource == "memory" else number(value)


Shares = Mapping[Ref, Sequence[Share]]


def demands(before: Shares, after: Shares, old: Node, new: Node) -> list[Demand]:
    """What is not as it was; each side in the environment as it was then."""
    was, now = _size(before, old), _size(after, new)
    quota = new.get("quota")
    found = [
        Demand("cpu", False, was.cpu, now.cpu, _amount(quota, "cpu"), None),
        Demand("memory", False, was.memory, now.memory, _amount(quota, "memory"), None),
    ]
    for name in dict.fromkeys((*was.gpus, *now.gpus)):
        old_count, new_count = (Fraction(one.gpus.get(name, 0)) for one in (was, now))
        most = _amount(quota, "gpu", name), _amount(new, "gpus", name, "total")
        found.append(Demand(name, True, old_count, new_count, *most))
    return [one for one in found if one.before != one.after]


def risks(found: Sequence[Demand]) -> Iterator[Risk]:
    """More GPUs deserve a second look; all else is for whoever wants to know."""
    for one in found:
        level: Level = "warning" if one.gpu and one.after > one.before else "note"
        what = f"{one.resource} GPUs" if one.gpu else {"cpu": "CPU"}.get(one.resource, one.resource)
        limits = [f"{one.said(one.quota)} in the quota" if one.quota is not None else ""]
        limits += [f"{one.said(one.total)} in all" if one.total is not None else ""]
        of = " and ".join(filter(None, limits))
        text = f"{what}: {one.said(one.before)} -> {one.said(one.after)}{f', of {of}' if of else ''}"
        yield Risk(level, "changes-demand", text)


def _size(shares: Shares, offer: Node) -> Size:
    return size((share for some in shares.values() for share in some), offer)


def _amount(node: Node | None, *path: str) -> Fraction | None:
    found = node.find(*path) if node is not None else None
    return quantity(found.scalar) if found is not None else None
