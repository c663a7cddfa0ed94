"""Kubernetes' CEL functions about quantities and semantic versions.

Source: apiserver/pkg/cel/library/quantity.go and semverlib.go; https://kubernetes.io/docs/reference/using-api/cel/.
"""

import re
from fractions import Fraction

from mlgen.amount import quantity
from mlgen.cel.function import Form, Function, member, stated

SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?",
    re.ASCII,
)
LARGEST = 2**63 - 1
Comparable = Fraction | tuple[object, ...]


def _quantity(text: str) -> bytes:
    found = quantity(text)
    if found is None:
        raise ValueError(f"{text!r} is no quantity")
    return _packed(found)


def _packed(number: Fraction) -> bytes:
    return str(number).encode()


def _number(value: bytes) -> Fraction:
    return Fraction(bytes(value).decode())


def _is_version(value: bytes) -> bool:
    return bytes(value).count(b".") >= 2


def _semver(text: str, *, normalize: bool = False) -> bytes:
    wanted = _normalized(text) if normalize else text
    if not SEMVER.fullmatch(wanted):
        raise ValueError(f"{text!r} is no semantic version")
    return wanted.encode()


def _normalized(text: str) -> str:
    """Without a leading `v`, with all three numbers and without leading zeros."""
    core, mark, rest = re.fullmatch(r"v?([^-+]*)([-+]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    parts = core.split(".")
    if not 0 < len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return text
    numbers = [part.lstrip("0") or "0" for part in parts] + ["0"] * (3 - len(parts))
    return ".".join(numbers) + mark + rest


def _is_semver(text: str, *, normalize: bool = False) -> bool:
    return bool(SEMVER.fullmatch(_normalized(text) if normalize else text))


def _rank(value: bytes) -> Comparable:
    """What two quantities, or two versions, are compared by. Source of the latter: semver.org, item 11."""
    if not _is_version(value):
        return _number(value)
    found = SEMVER.fullmatch(bytes(value).decode())
    if found is None:
        raise ValueError("no semantic version")
    numbers = tuple(map(int, found.group(1, 2, 3)))
    before = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in (found[4] or "").split(".") if part
    )
    return (*numbers, not before, before)


def _compared(one: bytes, other: bytes) -> int:
    if _is_version(one) is not _is_version(other):
        raise ValueError("a quantity and a version cannot be compared")
    left, right = _rank(one), _rank(other)
    return (left > right) - (left < right)  # type: ignore[operator]


def _part(index: int) -> Function:
    name = ("major", "minor", "patch")[index]
    return member(name, ("bytes",), "int", lambda value: int(SEMVER.fullmatch(bytes(value).decode())[index + 1]))  # type: ignore[index]


def _as_integer(value: bytes) -> int:
    number = _number(value)
    if number.denominator != 1 or not -LARGEST - 1 <= number <= LARGEST:
        raise ValueError("the quantity is no whole number of 64 bits")
    return int(number)


def _is_integer(value: bytes) -> bool:
    number = _number(value)
    return number.denominator == 1 and -LARGEST - 1 <= number <= LARGEST


def _joined(name: str, sign: int) -> Function:
    """Addition or subtraction of a quantity or of a whole number."""
    return Function(
        name,
        (
            Form(("bytes", "bytes"), "bytes", lambda one, other: _packed(_number(one) + sign * _number(other))),
            Form(("bytes", "int"), "bytes", lambda one, other: _packed(_number(one) + sign * other)),
        ),
    )


FUNCTIONS: tuple[Function, ...] = (
    stated("quantity", ("string",), "bytes", _quantity),
    stated("isQuantity", ("string",), "bool", lambda text: quantity(text) is not None),
    member("isInteger", ("bytes",), "bool", _is_integer),
    member("asInteger", ("bytes",), "int", _as_integer),
    member("asApproximateFloat", ("bytes",), "double", lambda value: float(_number(value))),
    member("sign", ("bytes",), "int", lambda value: (_number(value) > 0) - (_number(value) < 0)),
    member("isGreaterThan", ("bytes", "bytes"), "bool", lambda one, other: _compared(one, other) > 0),
    member("isLessThan", ("bytes", "bytes"), "bool", lambda one, other: _compared(one, other) < 0),
    member("compareTo", ("bytes", "bytes"), "int", _compared),
    _joined("add", 1),
    _joined("sub", -1),
    Function(
        "semver",
        (
            Form(("string",), "bytes", _semver, member=False),
            Form(("string", "bool"), "bytes", lambda text, loose: _semver(text, normalize=loose), member=False),
        ),
    ),
    Function(
        "isSemver",
        (
            Form(("string",), "bool", _is_semver, member=False),
            Form(("string", "bool"), "bool", lambda text, loose: _is_semver(text, normalize=loose), member=False),
        ),
    ),
    *(_part(index) for index in range(3)),
)
