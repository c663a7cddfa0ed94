"""What one of the API server's own rules refused in an object -> the fault that says so, under the rule's name.

The rules are the definitions `mlgen.<name>` of the native schemas. The innermost `x-rule`, `x-message` (what follows
"`a.b` cannot be `c`: "), `x-sentence` (what follows "`a.b` ") and `x-help` on the way to the keyword are the ones that
count; `x-of` and `x-what` are fields of which a map may have one, and what they are; `x-at` are fields one of which,
if it is there, is the place to look at.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlgen.faults.case import code
from mlgen.kubernetes.mend import mended
from mlgen.kubernetes.refusal import Refusal, counted, label, out_of_range
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.suggest import did_you_mean

SECRET = ("data", "stringData")


class Said(NamedTuple):
    """What the schema says about a keyword that refused something."""

    rule: str = ""
    message: str = ""
    sentence: str = ""
    help: str = ""
    what: str = ""
    of: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    at: tuple[str, ...] = ()


def faults(refusal: Refusal) -> Iterator[Fault]:
    """The fault of a refusal by a rule; none where the value has not even the right type: the schema says so."""
    said = _said(refusal)
    found = KEYWORDS.get(refusal.keyword, _stated)(refusal, said)
    if found is not None:
        yield found._replace(path=_place(refusal, said, found.path), help=said.help or found.help)


def _place(refusal: Refusal, said: Said, path: Path) -> Path:
    """Of a fault of a whole map, the field that it is about."""
    there = refusal.value if isinstance(refusal.value, dict) and path == refusal.path else {}
    return next(((*path, field) for field in said.at if field in there), path)


def _said(refusal: Refusal) -> Said:
    shape: Any = refusal.schema
    said = Said()
    for step in refusal.shape_path:
        shape = shape[step]
        if isinstance(shape, Mapping):
            said = _laid_over(said, shape)
    return said


def _laid_over(said: Said, shape: Mapping[str, Any]) -> Said:
    """An inner message or sentence takes the place of an outer one of either sort."""
    if "x-message" in shape or "x-sentence" in shape:
        said = said._replace(message=shape.get("x-message", ""), sentence=shape.get("x-sentence", ""))
    if "x-of" in shape:
        said = said._replace(of=tuple(shape["x-of"]), what=shape["x-what"], sentence="")
    said = said._replace(at=tuple(shape.get("x-at", said.at)))
    options = tuple(shape.get("x-options", said.options))
    return said._replace(rule=shape.get("x-rule", said.rule), help=shape.get("x-help", said.help), options=options)


def _subject(refusal: Refusal, path: Path) -> str:
    return label(path) if path else f"this {refusal.kind}"


def _stated(refusal: Refusal, said: Said) -> Fault | None:
    """What a sentence says, or else that a value cannot stand there."""
    if said.of:
        return _chosen(refusal, said)
    if said.sentence:
        plain = "write plain text under `stringData` instead" if refusal.kind == "Secret" else ""
        mend = plain if said.rule == "not-base64" else ""
        return Fault(refusal.path, said.rule, f"{_subject(refusal, refusal.path)} {said.sentence}", mend)
    return _malformed(refusal, said)


def _chosen(refusal: Refusal, said: Said) -> Fault:
    """A map with none, or with several, of the fields of which it may have one."""
    value = refusal.value if isinstance(refusal.value, dict) else {}
    there = [field for field in value if field in said.of and value[field] is not None]
    if len(there) < 2:
        options = ", ".join(code(field) for field in said.of)
        mend = f"it needs one of {options}" if len(said.of) <= len("several") else ""
        return Fault(refusal.path, said.rule, f"{_subject(refusal, refusal.path)} has no {said.what}", mend)
    message = f"{label(refusal.path)} has {counted(len(there), said.what)}, {' and '.join(map(code, there))}"
    return Fault((*refusal.path, there[1]), said.rule, message, "it can have one: remove the others")


def _malformed(refusal: Refusal, said: Said) -> Fault:
    path, value = refusal.path, refusal.value
    if value is None or value == "" or value == []:
        return Fault(path, said.rule, f"{label(path)} is empty", said.message)
    hidden = refusal.kind == "Secret" and path[:1] and path[0] in SECRET
    if hidden:
        return Fault(path, said.rule, f"{label(path)} has a value that cannot be: {said.message}")
    return Fault(path, said.rule, f"{label(path)} cannot be {code(value)}: {said.message}", mended(said.rule, value))


def _too_long(refusal: Refusal, said: Said) -> Fault:
    value, limit = refusal.value, refusal.shape[refusal.keyword]
    if said.sentence or not isinstance(value, (str, list)):
        return Fault(refusal.path, said.rule, f"{_subject(refusal, refusal.path)} {said.sentence}")
    size = counted(len(value), "item" if isinstance(value, list) else "character")
    mend = "choose a shorter one" if isinstance(value, str) else ""
    return Fault(refusal.path, said.rule, f"{label(refusal.path)} has {size}; at most {limit} are allowed", mend)


def _empty(refusal: Refusal, said: Said) -> Fault:
    told = said.sentence or "is empty"
    return Fault(refusal.path, said.rule, f"{_subject(refusal, refusal.path)} {told}", said.message)


def _ranged(refusal: Refusal, said: Said) -> Fault:
    return Fault(refusal.path, said.rule, out_of_range(refusal))


def _missing(refusal: Refusal, said: Said) -> Fault:
    if said.sentence:
        return Fault(refusal.path, said.rule, f"{_subject(refusal, refusal.path)} {said.sentence}")
    return Fault(refusal.path, said.rule, f"{label((*refusal.path, refusal.missing))} is missing")


def _unlisted(refusal: Refusal, said: Said) -> Fault | None:
    value, options = refusal.value, refusal.shape.get("enum", ())
    if said.sentence:
        return Fault(refusal.path, said.rule, f"{label(refusal.path)} {said.sentence}")
    if not isinstance(value, str):
        return None
    named = [option for option in options if isinstance(option, str) and option]
    message = f"{label(refusal.path)} cannot be {code(value)}" if value else f"{label(refusal.path)} is empty"
    return Fault(refusal.path, said.rule, message, did_you_mean(value, named))


def _key(refusal: Refusal, said: Said) -> Fault:
    """A key of a map: its place is its own."""
    key = str(refusal.value)
    message = f"{code(key)} cannot stand in {label(refusal.path)}: {said.message}"
    mend = mended(said.rule, key) or (did_you_mean(key, said.options) if said.options else "")
    return Fault((*refusal.path, key), said.rule, message, mend)


KEYWORDS = {
    "enum": _unlisted,
    "const": _unlisted,
    "required": _missing,
    "minimum": _ranged,
    "maximum": _ranged,
    "maxLength": _too_long,
    "maxItems": _too_long,
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
    "type": _empty,
    "propertyNames": _key,
}
