"""A document and its JSON Schema -> problems: what the shape of the words that a user may write forbids."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mlgen.contract import Schema
from mlgen.defaults import defaults
from mlgen.faults import Fault, explain
from mlgen.fields import Field, fields
from mlgen.node import Node, Path
from mlgen.problem import Problem

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = ["Field", "Schema", "check", "defaults", "fields", "load"]


@cache
def load(name: str) -> Schema:
    """The schema schemas/<name>.json that ships with mlgen. Raises FileNotFoundError if there is none."""
    return Schema(files("mlgen.schemas").joinpath(f"{name}.json").read_text("utf-8"), f"schemas/{name}.json")


def check(node: Node, schema: Schema, *, pointer: str = "") -> Iterator[Problem]:
    """Everything in ``node`` that ``schema``, or the part of it that ``pointer`` names, forbids."""
    yield from explain(_faults(_validator(schema, pointer).iter_errors(node.plain()), node), node, schema)


@cache
def _validator(schema: Schema, pointer: str) -> "jsonschema_rs.Draft7Validator":
    import jsonschema_rs  # 30 ms of start-up, which commands that check nothing do not pay

    whole = pointer in ("", "#")  # the whole may not refer to itself: such a schema takes everything
    return jsonschema_rs.Draft7Validator(schema.root if whole else {**schema.root, "$ref": pointer})


def _faults(errors: Iterable[Any], root: Node) -> Iterator[Fault]:
    """The library's errors as our own values, so that only this module knows the library."""
    for error in errors:
        keyword, detail, shape_path = error.kind.name, error.kind.value, tuple(error.schema_path)
        branches: tuple[tuple[Fault, ...], ...] = ()
        if keyword in ("anyOf", "oneOf"):
            branches, detail = tuple(tuple(_faults(branch, root)) for branch in detail), None
        elif keyword == "propertyNames":
            detail = {"key": detail.instance, "keyword": detail.kind.name}
        elif keyword == "falseSchema":
            shape_path = (*shape_path, keyword)  # `false` is no map with a keyword in it
        yield Fault(keyword, _written(error, root), shape_path, detail, branches)


def _written(error: Any, node: Node) -> Path:
    """The error's path in the user's keys: the library reports the key `007` as the number 7, and no empty keys."""
    path: list[str | int] = []
    for step in (*error.instance_path, None):
        while "" in node and not any(_reads(key, step) for key in node.entries) and node.plain() != error.instance:
            path.append("")
            node = node[""]
        if step is not None:
            path.append(step if node.items else next((key for key in node.entries if _reads(key, step)), str(step)))
            node = node.find(path[-1]) or node
    return tuple(path)


def _reads(key: str, step: str | int | None) -> bool:
    digits = key.removeprefix("+")
    return key == step or (isinstance(step, int) and digits.isascii() and digits.isdecimal() and int(digits) == step)
