"""A value that a rule of the API server's refused -> what was probably meant, as a help.

Only where it can be told: a unit that does not exist, a name with capitals.
"""

import re
from collections.abc import Callable, Mapping

from mlgen.faults.case import LONGEST, code

UNITS = "kmgtpe"
LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
AMOUNT = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-z]*)\s*")


def mended(rule: str, value: object) -> str:
    """How to mend the value that broke a rule; empty if nobody can tell."""
    mend = MENDS.get(rule)
    return mend(value) if mend is not None and isinstance(value, str) and len(value) <= LONGEST else ""


def _quantity(value: str) -> str:
    """`GB`, `gi` and `Mib` are no units, `G` and `Gi` are; a space or a comma is not allowed."""
    found = AMOUNT.fullmatch(value)
    if not found:
        return ""
    number, unit = found[1].replace(",", "."), found[2]
    letter = unit[:1].lower()
    if not unit:
        return f"write {code(number)}"
    if letter not in UNITS or unit[1:].lower() not in ("", "b", "i", "ib"):
        return "the units are `m`, and `k`, `M`, `G`, `T` or `Ki`, `Mi`, `Gi`, `Ti`"
    decimal, binary = ("k" if letter == "k" else letter.upper()), f"{letter.upper()}i"
    if "i" in unit.lower():
        return f"write {code(number + binary)}"
    return f"{code(unit)} is no unit: write {code(number + decimal)}, or {code(number + binary)} for powers of 1024"


def _name(value: str) -> str:
    """The same in lower case, with `-` for what cannot stand in a name."""
    meant = re.sub("[^a-z0-9.]+", "-", value.lower()).strip("-.")
    parts = meant.split(".")
    return f"write {code(meant)}" if meant != value and all(LABEL.fullmatch(part) for part in parts) else ""


def _port(value: str) -> str:
    return "write it without quotes: a number is no name" if value.isdecimal() else ""


def _percentage(value: str) -> str:
    return f"write {code(value + '%')}, or the number without quotes" if value.isdecimal() else ""


MENDS: Mapping[str, Callable[[str], str]] = {
    "bad-quantity": _quantity,
    "bad-name": _name,
    "bad-namespace": _name,
    "port-name": _port,
    "percentage": _percentage,
}
