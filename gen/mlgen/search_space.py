"""The `parameters` of a sweep -> the sets of values that its trials try: all of the grid, or a sample by a seed.

The sample is a matter of arithmetic: each value is drawn by the hash of the seed, the number of the draw and the
parameter's name. So it is the same everywhere and in every version, and more trials leave the first ones as they are.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import count, islice, product
from typing import NamedTuple

from mlgen.node import Node, Scalar
from mlgen.trace import said

MOST = 1000
DIGITS = 6  # of a number that is drawn: what a logarithm makes of the last ones differs from machine to machine
Trial = Mapping[str, Scalar]


class Range(NamedTuple):
    """Numbers from ``least`` to ``most``, both included; only each ``step`` of them, or any where that is None."""

    least: Decimal
    most: Decimal
    step: Decimal | None
    whole: bool
    log: bool

    @property
    def number(self) -> int | None:
        """How many numbers there are; None where nobody can count them."""
        return None if self.step is None else int((self.most - self.least) / self.step) + 1

    @property
    def values(self) -> Iterator[Scalar]:
        """Every one of them; those of a range without a step cannot be told."""
        step = self.step or Decimal()
        return (self.written(self.least + index * step) for index in range(self.number or 0))

    def drawn(self, share: float) -> Scalar:
        """The one at ``share``, from 0 up to 1, of the way from the least to the most."""
        if self.log:
            low, high = math.log(self.least), math.log(self.most)
            found = Decimal(f"{math.exp(low + share * (high - low)):.{DIGITS}g}")
            return self.written(min(max(round(found) if self.whole else found, self.least), self.most))
        if self.step is not None:
            return self.written(self.least + int(share * (self.number or 1)) * self.step)
        return float(f"{float(self.least) + share * float(self.most - self.least):.{DIGITS}g}")

    def written(self, value: Decimal | int) -> Scalar:
        """A number as a program reads it."""
        return int(value) if self.whole else float(value)


def range_of(node: Node) -> Range | None:
    """The range that a parameter is; None of a list of values."""
    if not node.entries:
        return None
    least, most, step = (_decimal(node.get(key)) for key in ("min", "max", "step"))
    if least is None or most is None:
        raise TypeError(f"{node.span}: the schema promised both ends")
    whole = all(isinstance(part.value, int) for key, part in node.entries.items() if key in ("min", "max", "step"))
    return Range(least, most, Decimal(1) if step is None and whole else step, whole, "scale" in node)


def grid_size(parameters: Node) -> int | None:
    """How many different trials there are; None where nobody can count them."""
    number = 1
    for node in parameters.entries.values():
        span = range_of(node)
        values = len(node.items) if span is None else span.number
        if values is None:
            return None
        number *= values
    return number


def number_of_trials(spec: Node) -> int:
    """How many trials a sweep has: as many as it says, else as its grid has points."""
    asked = spec.get("trials")
    return int(said(asked)) if asked is not None else min(grid_size(spec["parameters"]) or 1, MOST)


def grid(parameters: Node) -> Iterator[Trial]:
    """Every combination of values, the last parameter changing first."""
    every = {name: list(values(node)) for name, node in parameters.entries.items()}
    return (dict(zip(every, chosen, strict=True)) for chosen in product(*every.values()))


def values(node: Node) -> Iterator[Scalar]:
    """The values of one parameter."""
    span = range_of(node)
    return (item.scalar for item in node.items) if span is None else span.values


def sample(parameters: Node, seed: int, number: int) -> list[Trial]:
    """So many different trials; there must be as many."""
    return list(islice(_different(parameters, seed), number))


def _different(parameters: Node, seed: int) -> Iterator[Trial]:
    seen = set()
    for draw in count():
        trial = {name: _drawn(node, _share(seed, draw, name)) for name, node in parameters.entries.items()}
        if (key := tuple(trial.values())) not in seen:
            seen.add(key)
            yield trial


def _drawn(node: Node, share: float) -> Scalar:
    span = range_of(node)
    return node.items[int(share * len(node.items))].scalar if span is None else span.drawn(share)


def _share(seed: int, draw: int, name: str) -> float:
    import hashlib  # with OpenSSL behind it, and most commands draw nothing

    digest = hashlib.sha256(f"{seed}/{draw}/{name}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48  # what a float holds exactly, and never 1


def _decimal(node: Node | None) -> Decimal | None:
    return None if node is None else Decimal(said(node))
