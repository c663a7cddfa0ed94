"""Words and limits -> pieces of JSON Schema, each with the rule that it keeps and what a message says about it.

`x-rule` is the rule's id. `x-message` is what messages say after "`port` cannot be `0`: ", `x-sentence` what they say
of the place itself ("may only be ..."), `x-help` how to mend it. The innermost one counts.
"""

from typing import Any

Schema = dict[str, Any]

NOT_NULL = ["array", "boolean", "number", "object", "string"]
INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)
LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]"
NO_TEXT: list[Any] = [None, "", []]


def text(rule: str, expected: str, *patterns: str, longest: int | None = None) -> Schema:
    """Text that every pattern matches as a whole; other types are none of its business."""
    whole = [f"^({pattern})$" for pattern in patterns]
    piece: Schema = {"x-rule": rule, "x-message": expected}
    if whole:
        piece["pattern"] = whole[0]
    if len(whole) > 1:
        piece["allOf"] = [{"pattern": pattern} for pattern in whole[1:]]
    return piece | ({"maxLength": longest} if longest else {})


def without(rule: str, expected: str, pattern: str) -> Schema:
    """Text in which the pattern is nowhere found."""
    return {"x-rule": rule, "x-message": expected, "not": {"type": "string", "pattern": pattern}}


def words(*options: str, rule: str = "wrong-choice") -> Schema:
    """One of a few words."""
    return {"x-rule": rule, "enum": list(options)}


def between(least: int | None, most: int | None, rule: str = "number-out-of-range") -> Schema:
    """A number from ``least`` to ``most``, both included."""
    limits = {"minimum": least, "maximum": most}
    return {"x-rule": rule, **{keyword: limit for keyword, limit in limits.items() if limit is not None}}


def filled(rule: str = "missing-value") -> Schema:
    """Text, or a list, that is not empty."""
    return {"x-rule": rule, "minLength": 1, "minItems": 1}


def needs(*fields: str, rule: str = "missing-value", why: str = "") -> Schema:
    """A map that has each of the fields, and more than nothing in it."""
    inner = {"type": NOT_NULL, "minLength": 1, "minItems": 1}
    piece: Schema = {"x-rule": rule, "required": list(fields), "properties": dict.fromkeys(fields, inner)}
    return piece | ({"x-help": why} if why else {})


def present(field: str) -> Schema:
    """A map that has the field, with any value but null."""
    return {"required": [field], "properties": {field: {"type": NOT_NULL}}}


def one_of(rule: str, what: str, *fields: str) -> Schema:
    """A map with at most one of the fields. That few maps have so many fields at all makes it quick to see."""
    several = {"not": {"anyOf": [present(field) for field in fields]}}
    exact = {"oneOf": [several, *(present(field) for field in fields)], "x-of": list(fields), "x-what": what}
    return {"x-rule": rule, "if": {"minProperties": 2}, "then": exact}


def some_of(rule: str, what: str, *fields: str) -> Schema:
    """A map with at least one of the fields."""
    return {"x-rule": rule, "anyOf": [present(field) for field in fields], "x-of": list(fields), "x-what": what}


def never(sentence: str, *fields: str, empty: bool = True) -> Schema:
    """A map that sets none of the fields; what is empty is not set."""
    inner = {"enum": NO_TEXT if empty else [None], "x-sentence": sentence}
    return {"properties": dict.fromkeys(fields, inner)}


def where(field: str, values: list[Any], then: Schema, rule: str, *, absent: bool = False, other: Any = None) -> Schema:
    """``then`` for maps whose field has one of the values, or has none if ``absent``; ``other`` for all others."""
    asked: Schema = {"properties": {field: {"enum": [*values, None] if absent else values}}}
    if not absent:
        asked["required"] = [field]
    return {"x-rule": rule, "if": asked, "then": then} | ({"else": other} if other else {})


def inside(*path: str, piece: Schema) -> Schema:
    """The piece for what stands at the path of a map; a step `[]` is each item of a list."""
    for step in reversed(path):
        piece = {"items": piece} if step == "[]" else {"properties": {step: piece}}
    return piece


def all_of(rule: str, *pieces: Schema) -> Schema:
    """Every piece."""
    return {"x-rule": rule, "allOf": list(pieces)}


def any_words(rule: str, expected: str, options: list[str], also: str) -> Schema:
    """The keys of a map: one of the options, or what the pattern ``also`` matches."""
    known = {"anyOf": [{"enum": options}, {"pattern": f"^({also})$"}]}  # in this order: it is the quicker one
    return {"x-rule": rule, "propertyNames": known, "x-message": expected, "x-options": options}
