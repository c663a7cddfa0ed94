"""A key that nobody knows, that is missing or that excludes another -> problems."""

from collections.abc import Iterator
from typing import Any

from mlgen.faults.case import LONGEST_LINE, Case, code, label
from mlgen.faults.flow import flow
from mlgen.problem import Problem
from mlgen.schema.branches import naming_keys
from mlgen.schema.contract import Schema, Shape
from mlgen.suggest import closest, did_you_mean


def unexpected(case: Case) -> Iterator[Problem]:
    """``additionalProperties: false`` met keys that it does not know; those of something planned are no news."""
    if not any(_is_planned(case, key) for key in case.node.entries):
        yield from (unknown(case, key) for key in case.fault.detail)


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
    key, names = case.fault.detail, known(case.schema, case.shape)
    strangers = [name for name in case.node.entries if name not in names and closest(name, _absent(case, names)) == key]
    if strangers:
        yield from (unknown(case, name) for name in strangers)
    else:
        message = f"{code(key)} is missing{_inside(case)}{_needed_by(case, key)}"
        yield Problem("missing-key", case.name_span, message, _line_to_add(key, names.get(key, {})))


def excluded(case: Case, keys: list[str]) -> Problem:
    """Keys that say different things stand beside each other; the second is the one too many."""
    here = sorted(keys, key=lambda key: case.key_span(key))
    message = f"{' and '.join(map(code, here))} exclude each other"
    if case.fault.keyword == "not":  # neither is needed
        return Problem("one-of", case.key_span(here[1]), message, "keep one of them")
    where = f" says what {case.label} is" if case.fault.path else " can be given"
    choices = naming_keys([case.schema.full(branch) for branch in case.shape.get(case.fault.keyword, [])]) or here
    return Problem("one-of", case.key_span(here[1]), message, f"exactly one of {listed(choices)}{where}")


def listed(keys: list[str]) -> str:
    """`a`, `b`, `c`: the choices in a sentence."""
    return ", ".join(map(code, keys))


def _inside(case: Case, up: int = 0) -> str:
    path = case.fault.path[: len(case.fault.path) - up]
    return f" in {label(path)}" if path else ""


def known(schema: Schema, shape: Shape) -> dict[str, Shape]:
    """Every property that the shape, or one of the shapes it is put together from, knows."""
    names: dict[str, Shape] = {}
    parts = [part for word in ("allOf", "anyOf", "oneOf") for part in shape.get(word, [])]
    for part in [*parts, *(shape[word] for word in ("then", "else") if word in shape)]:
        names |= known(schema, schema.full(part))
    return names | {key: schema.full(entry) for key, entry in shape.get("properties", {}).items()}


def _absent(case: Case, names: dict[str, Shape]) -> list[str]:
    """What may still be said comes first: nobody mistypes a key that is there already."""
    return [key for key in names if key not in case.node] or list(names)


def _is_planned(case: Case, key: str) -> bool:
    """Whether ``key`` says something planned, such as `from: external-secrets`: that will have keys of its own."""
    shape = case.schema.full(case.shape.get("properties", {}).get(key))
    return isinstance(case.node[key].value, str) and case.node[key].value in shape.get("x-planned-values", {})


def _where(case: Case, key: str) -> str:
    """What to write instead of ``key``: known by another name, mistyped, or in the wrong place."""
    names = known(case.schema, case.shape)
    absent = _absent(case, names)
    if key in case.shape.get("x-instead", {}):
        return str(case.shape["x-instead"][key])
    if closest(key, absent) or closest(key, names):
        return did_you_mean(key, absent if closest(key, absent) else names)
    homes = [name for name, shape in names.items() if key in shape.get("properties", {})]
    homes += [name for name in names if case.fault.path and name in case.root and key in case.root[name]]
    if homes:
        return f"{code(key)} belongs in {code(homes[0])}"
    return _other_kinds(case, key) or did_you_mean(key, names) or _every(case, names)


def _every(case: Case, names: dict[str, Shape]) -> str:
    """Where so many keys are known that a sentence cannot hold them."""
    kind = case.shape.get("properties", {}).get("kind", {}).get("const")
    if kind and case.fault.path:  # the kind of a workload, not of the file
        return f"`mlgen explain {kind}` lists its keys"
    return f"choose one of: {', '.join(names)}"


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
    for example in [*fixed, *shape.get("examples", [])][:1]:
        line = f"{key}: {flow(example)}"
        if len(line) <= LONGEST_LINE:
            return f"add {code(line, LONGEST_LINE)}"
    description = str(shape.get("description", "")).split(". ")[0].rstrip(".")
    return f"add {code(f'{key}:')}" + (f" ({description[:1].lower()}{description[1:]})" if description else "")
