"""Pods and what each asks for -> what all of them ask for, in numbers and in words."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from mlgen.footprint import Share
from mlgen.gpu_classes import gpus
from mlgen.node import Node

GIB, MIB = 2**30, 2**20


class Size(NamedTuple):
    """So many pods at a time, and what they ask for together: GPUs by class, or by resource where it has no class."""

    pods: int
    cpu: Fraction
    memory: Fraction
    gpus: Mapping[str, int]

    @property
    def words(self) -> str:
        """ "4 x a100"; without GPUs "1 pod, 2 CPU, 8Gi"; nothing if nothing is known."""
        if any(self.gpus.values()):
            return self.amounts
        return ", ".join(filter(None, (plural(self.pods, "pod"), self.amounts))) if self.pods else ""

    @property
    def amounts(self) -> str:
        """The same without the number of pods."""
        if any(self.gpus.values()):
            return ", ".join(f"{count} x {name}" for name, count in self.gpus.items() if count)
        cpu, mem = f"{number(self.cpu)} CPU" if self.cpu else "", memory(self.memory) if self.memory else ""
        return ", ".join(filter(None, (cpu, mem)))


def size(shares: Iterable[Share], offer: Node | None, *, surge: bool = False) -> Size:
    """What ``shares`` ask for; with ``surge`` only what comes on top while they are rolled out."""
    pods, cpu, mem = 0, Fraction(0), Fraction(0)
    counts: dict[str, int] = {}
    for share in shares:
        most = share.surge if surge else share.most
        pods += most
        cpu += most * share.requests.get("cpu", Fraction(0))
        mem += most * share.requests.get("memory", Fraction(0))
        for name, count in _gpus(share, offer):
            counts[name] = counts.get(name, 0) + most * count
    return Size(pods, cpu, mem, counts)


def _gpus(share: Share, offer: Node | None) -> Iterable[tuple[str, int]]:
    """Whatever is asked for with a domain in its name is a device."""
    known = list(gpus(share, offer)) if offer is not None else []
    yield from ((name, count) for name, _, count in known)
    for resource, amount in share.requests.items():
        if "/" in resource and resource not in {one for _, one, _ in known}:
            yield resource, int(amount)


def number(value: Fraction) -> str:
    """As people write it: 2, 0.5, 12.3."""
    whole, rest = divmod(round(value * 100), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def memory(value: Fraction) -> str:
    """In Gi, or where that would be less than one, in Mi."""
    return f"{number(value / GIB)}Gi" if value >= GIB or not value else f"{number(value / MIB)}Mi"


def plural(count: int, word: str) -> str:
    """ "1 pod", "2 pods"."""
    return f"{count} {word}{'' if count == 1 else 's'}"
