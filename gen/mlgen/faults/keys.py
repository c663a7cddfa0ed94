"""A key that nobody knows, that is missing or that excludes another -> problems."""

import json
from collections.abc import Iterator
from typing import Any

from mlgen.branches import naming_keys
from mlgen.contract import Schema, Shape
from mlgen.faults.case import Case, code, label
from mlgen.problem import Problem
from mlgen.suggest import closest, did_you_mean


def unexpected(case: Case) -> Iterator[Problem]:
    """``additionalProperties: false`` met keys that it does not know."""
    for key in case.fault.detail:
        yield unknown(case, key)


def forbidden(case: Case) -> Iterator[Problem]:
    """A property whose schema is ``false``: the key is known elsewhere and has no place here."""
    *_, key = case.fault.path or ("",)
    yield Problem("unknown-key", case.name_span, f"{code(key)} has no place{_inside(case, up=1)}", "remove it")


def unknown(case: Case, key: str) -> Problem:
    """A key of the map that its shape does not know: planned, mistyped, or in the wrong place."""
    span = case.key_span(key)
    planned = case.shape.get("x-planned", {})
    if key in planned:
        return Problem("not-yet", span, f"{code(key)} is not supported by this version of mlgen yet", planned[key])
    return Problem("unknown-key", span, f"unknown key {code(key)}{_inside(case)}", _where(case, key))


def missing(case: Case) -> Iterator[Problem]:
    """A required key is not there; if it is there mistyped, that is what is wrong."""
    key = case.fault.detail
    known = _known(case.schema, case.shape)
    strangers = [name for name in case.node.entries if name not in known and closest(name, _absent(case, known)) == key]
    if strangers:
        yield from (unknown(case, name) for name in strangers)
    else:
        message = f"{code(key)} is missing{_inside(case)}{_needed_by(case, key)}"
        yield Problem("missing-key", case.name_span, message, _line_to_add(key, known.get(key, {})))


def excluded(case: Case, keys: list[str]) -> Problem:
    """Keys that say different things stand beside each other; the second is the one too many."""
    here = sorted(keys, key=lambda key: case.key_span(key))
    message = f"{' and '.join(map(code, here))} exclude each other"
    where = f" says what {case.label} is" if case.fault.path else " can be given"
    choices = naming_keys([case.schema.full(branch) for branch in case.shape.get(case.fault.keyword, [])]) or here
    return Problem("one-of", case.key_span(here[1]), message, f"exactly one of {listed(choices)}{where}")


def listed(keys: list[str]) -> str:
    """`a`, `b`, `c`: the choices in a sentence."""
    return ", ".join(map(code, keys))


def _inside(case: Case, up: int = 0) -> str:
    path = case.fault.path[: len(case.fault.path) - up]
    return f" in {label(path)}" if path else ""


def _known(schema: Schema, shape: Shape) -> dict[str, Shape]:
    """Every property that the shape, or one of the shapes it is put together from, knows."""
    known: dict[str, Shape] = {}
    parts = [part for word in ("allOf", "anyOf", "oneOf") for part in shape.get(word, [])]
    for part in [*parts, *(shape[word] for word in ("then", "else") if word in shape)]:
        known |= _known(schema, schema.full(part))
    return known | {key: schema.full(entry) for key, entry in shape.get("properties", {}).items()}


def _absent(case: Case, known: dict[str, Shape]) -> list[str]:
    """What may still be said comes first: nobody mistypes a key that is there already."""
    return [key for key in known if key not in case.node] or list(known)


def _where(case: Case, key: str) -> str:
    known = _known(case.schema, case.shape)
    absent = _absent(case, known)
    if closest(key, absent) or closest(key, known):
        return did_you_mean(key, absent if closest(key, absent) else known)
    homes = [name for name, shape in known.items() if key in shape.get("properties", {})]
    if homes:
        return f"{code(key)} belongs in {code(homes[0])}"
    return _other_kinds(case, key) or did_you_mean(key, known)


def _other_kinds(case: Case, key: str) -> str:
    """`replicas` in a job: other shapes with a `kind` know the key."""
    if "const" not in case.shape.get("properties", {}).get("kind", {}):
        return ""
    shapes = [shape.get("properties", {}) for shape in case.schema.get("definitions", {}).values()]
    kinds = [shape["kind"]["const"] for shape in shapes if key in shape and "const" in shape.get("kind", {})]
    return f"{code(key)} is a key of {listed([f'kind: {kind}' for kind in kinds])}" if kinds else ""


def _needed_by(case: Case, key: str) -> str:
    needs: dict[str, Any] = case.shape.get("dependencies", {})
    owners = [name for name, keys in needs.items() if name in case.node and isinstance(keys, list) and key in keys]
    return f": {code(owners[0])} needs it" if owners and case.fault.keyword == "required" else ""


def _line_to_add(key: str, shape: Shape) -> str:
    """`add "owner: growth-ml"`, or what the key is for if no example fits a line."""
    fixed = [shape[word] for word in ("const", "default") if word in shape]
    example = next(iter(fixed or shape.get("examples", [])), None)
    if isinstance(example, (str, int, float)):
        return f"add {code(f'{key}: {example if isinstance(example, str) else json.dumps(example)}')}"
    description = str(shape.get("description", "")).split(". ")[0].rstrip(".")
    return f"add {code(f'{key}:')}" + (f" ({description[:1].lower()}{description[1:]})" if description else "")
