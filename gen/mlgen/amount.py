"""A Kubernetes quantity as objects write it (`500m`, `2Gi`, `1e3`, 0.5) -> its number."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from mlgen.node import Json

# As resource.ParseQuantity reads it: digits, then a binary suffix, a decimal one or an exponent.
FORM = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
SUFFIXES = {
    **{f"{unit}i": Fraction(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
    **{unit: Fraction(10) ** (3 * power) for power, unit in enumerate("num kMGTPE", -3) if unit != " "},
}
LONGEST = 60  # no real amount is written with more characters; it bounds what a hostile exponent can cost
LARGEST_EXPONENT = 40


def quantity(value: Json) -> Fraction | None:
    """The number that a quantity means; None for what is no quantity.

    Source: apimachinery/pkg/api/resource/quantity.go.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return _read(value if isinstance(value, str) else _written(value))


@lru_cache(maxsize=1024)
def _read(text: str) -> Fraction | None:
    found = FORM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    number, suffix = Fraction(found[1]), found[2] or ""
    if suffix[:1] in ("e", "E") and len(suffix) > 1:
        exponent = int(suffix[1:])
        return number * Fraction(10) ** exponent if abs(exponent) <= LARGEST_EXPONENT else None
    return number * SUFFIXES[suffix] if suffix else number


def _written(value: float) -> str:
    """A number without an exponent, as JSON may have it."""
    return f"{Decimal(str(value)):f}"
