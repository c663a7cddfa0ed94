"""A changed value -> the lines that say it: as YAML, without secrets and without what could steer a terminal."""

import re
from collections.abc import Iterator

from mlgen import emit
from mlgen.changes.compare import Absent, Change, Field
from mlgen.masking import masked
from mlgen.node import Json
from mlgen.report import safe
from mlgen.secret_text import named_like_a_secret

LONGEST = 40  # lines of one value; a whole object has its file
HIDDEN = "****"


def lines(change: Change) -> Iterator[tuple[str, str]]:
    """The lines of a change, each with its sign: `-` was, `+` is, a blank for the name of what follows."""
    if change.before is None or change.after is None:
        sign = "+" if change.before is None else "-"
        yield from ((sign, line) for line in _value(change.body, change.ref.kind == "Secret"))
        return
    own = [field for field in change.fields if not field.follows]
    if not own:
        yield " ", "nothing but the names of what it refers to, or its own"
    for field in own:
        yield " ", safe(field.place)
        for sign, value in (("-", field.before), ("+", field.after)):
            if not isinstance(value, Absent) and value != []:
                yield from ((sign, f"  {line}") for line in _value(value, _secret(change, field)))


def head(change: Change) -> str:
    """What is changed: `~ Deployment/serve`, `+ ...`, `- ...`, or a name that gives way to another."""
    sign = "+" if change.before is None else "-" if change.after is None else "~"
    name = safe(f"{change.ref.kind}/{change.ref.name}")
    return f"{sign} {name}" + (f" (was {safe(change.before.ref.name)})" if change.before and change.renamed else "")


def _value(value: Json, hidden: bool) -> list[str]:
    if hidden:
        return [HIDDEN]
    text = masked(emit.dump(value)).rstrip("\n").split("\n")
    shown = [safe(line) for line in text[:LONGEST]]
    return [*shown, f"... and {len(text) - LONGEST} lines more"] if len(text) > LONGEST else shown


def _secret(change: Change, field: Field) -> bool:
    """Whether a value stands where secrets stand, or under a name that says so."""
    if change.ref.kind == "Secret" and field.path[:1] in (("data",), ("stringData",)):
        return True
    names = [re.sub(r"^\[(.*)\]$", r"\1", step) for step in field.path]
    return field.path[-1:] == ("value",) and any(named_like_a_secret(name) for name in names)
