"""What was written and the shape it should have had -> what was meant, if undoing one of the common slips is all."""

import re
from collections.abc import Iterator
from typing import Any

from mlgen.node import Node
from mlgen.schema.branches import type_of
from mlgen.schema.contract import Schema, Shape

LONGEST = 200
AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)([kKmMgGtT])[iI]?[bB]?")
TIME = re.compile(r"([0-9]+)(s|m|h|d)[a-z]*")
HOURS = re.compile(r"([0-9]+)h([0-9]+)m(in)?")
SHELL = frozenset("&|<>;$`*\"'(){}~\n")


def reworded(written: str, shape: Shape) -> str | None:
    """The text that was meant by ``written``, which ``shape`` refuses."""
    longest, pattern = shape.get("maxLength", LONGEST), shape.get("pattern", "(?!)")
    no_address = "://" in written and "/" not in pattern  # a form without slashes: a part of it would be a guess
    for guess in () if no_address or len(written) > LONGEST else _guesses(written):
        if guess != written and len(guess) <= longest and matches(pattern, guess):
            return guess
    return None


def _guesses(text: str) -> Iterator[str]:
    """The likeliest first."""
    bare = re.sub(r"^https?://", "", text.strip())
    squeezed = "".join(bare.split())
    camel = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", bare) if bare.isalnum() else bare
    yield from (bare, bare.removeprefix("*."), *_amounts(squeezed))
    for word in (re.sub(r"\s+", "_", bare), re.sub(r"[\s_]+", "-", camel).lower(), re.sub(r"[\s-]+", "_", bare)):
        yield from (word, word.rstrip("/"))
    if bare != text.strip():
        yield bare.partition("/")[2].rstrip("/")
    yield from (squeezed, squeezed.lower(), f"/{squeezed}", bare.replace("/", "-"))
    yield from (re.sub(r"[\s_.-]+", joint, bare).lower() for joint in ("-", ""))
    if ":" not in bare:
        yield bare.partition("@")[0].lower()
    if "/" in bare:
        yield bare.rpartition(":")[2]


def _amounts(text: str) -> Iterator[str]:
    """`8GB` for `8Gi`, `6hours` for `6h`, `1h30m` for `90m`, `3600` for `3600s`, `70` for `70%`, `2cores` for `2`."""
    if amount := AMOUNT.fullmatch(text):
        yield f"{amount[1]}{amount[2].upper()}i"
    if time := TIME.fullmatch(text):
        yield time[1] + time[2]
    if hours := HOURS.fullmatch(text):
        yield f"{int(hours[1]) * 60 + int(hours[2])}m"
    if text[:1].isdigit():
        yield text.lower()
    if number := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)", text):
        yield from (number[1],) if number[2] else (f"{text}s", f"{text}%")


def reshaped(node: Node, shape: Shape, types: set[str], schema: Schema) -> Any:
    """What ``node`` says in one of ``types``, as plain JSON; None if that cannot be told."""
    if "object" in types:
        return _map(node, shape, schema)
    if "array" in types and node.entries:
        names = list(node.entries)
        return names if all(fits(name, schema.full(shape.get("items"))) for name in names) else None
    if "array" in types and not isinstance(node.value, (dict, list)):
        return _words(node if node.text is None else node.text, shape, schema)
    return None


def _map(node: Node, shape: Shape, schema: Schema) -> dict[str, Any] | None:
    """A list of names, or of maps that each have a name, as Kubernetes writes it; or the one value that matters."""
    items = [item.plain() for item in node.items]
    if items and all(isinstance(item, str) for item in items):
        empty = any(isinstance(one, dict) and {} in one.values() for one in shape.get("examples", []))
        return {str(item): {} for item in items} if empty else None
    named = [item for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)]
    if named and len(named) == len(items):
        rest = [{key: value for key, value in item.items() if key != "name"} for item in named]
        only = all(item.keys() == {"value"} for item in rest)
        return {str(one["name"]): other["value"] if only else other for one, other in zip(named, rest, strict=True)}
    short = shape.get("x-short")
    if short is None or isinstance(node.value, (dict, list)):
        return None
    parts = [shape, *(schema.full(part) for part in shape.get("anyOf", []))]
    own = next(part["properties"][short] for part in parts if short in part.get("properties", {}))
    return {short: node.value} if fits(node.value, schema.full(own)) else None


def _words(written: Node | str, shape: Shape, schema: Schema) -> list[str] | None:
    """Several names or words in one text; a command line for a shell stays one."""
    text = written if isinstance(written, str) else written.value
    items = schema.full(shape.get("items"))
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        return None
    if "pattern" not in items and set(text) & SHELL:
        return ["sh", "-c", text]
    words = re.split(r"[,\s]+" if "pattern" in items else r"\s+", text.strip())
    return words if all(fits(word, items) for word in words) else None


def fits(value: object, shape: Shape) -> bool:
    """Whether ``shape`` takes ``value``, as far as its type, its form and its choices go."""
    if "enum" in shape:
        return isinstance(value, str) and value in shape["enum"]
    types = shape.get("type", ())
    return type_of(value) in ([types] if isinstance(types, str) else types) and (
        "pattern" not in shape or matches(shape["pattern"], str(value))
    )


def matches(pattern: str, text: str) -> bool:
    """Only for advice, the validator decides: Python's ``$`` takes more than a schema's, so lines of ASCII only."""
    try:
        return len(text) <= LONGEST and text.isascii() and "\n" not in text and re.search(pattern, text) is not None
    except re.error:
        return False
