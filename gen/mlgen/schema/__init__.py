"""A document and its JSON Schema -> problems: what the shape of the words that a user may write forbids."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from mlgen import shipped
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.schema.contract import Schema
from mlgen.schema.defaults import defaults

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = ["Schema", "check", "defaults", "load"]
NOTHING: Mapping[str, Schema] = {}


def load(name: str, instead: Mapping[str, Schema] = NOTHING) -> Schema:
    """The schema schemas/<name>.json that ships with mlgen, or what a platform has ``instead`` of it.

    Raises FileNotFoundError if there is none.
    """
    return instead.get(name) or _shipped(name)


@cache
def _shipped(name: str) -> Schema:
    return Schema(shipped.text("mlgen.schemas", f"{name}.json"), f"schemas/{name}.json")


def check(node: Node, schema: Schema, *, pointer: str = "") -> Iterator[Problem]:
    """Everything in ``node`` that ``schema``, or the part of it that ``pointer`` names, forbids."""
    errors = list(_validator(schema, pointer).iter_errors(node.plain()))
    if errors:
        from mlgen.faults.explained import (
            explain,
        )  # the words are many, and a start-up that finds nothing wrong needs none
        from mlgen.faults.raised import raised

        yield from explain(raised(errors, node), node, schema)


def _validator(schema: Schema, pointer: str) -> "jsonschema_rs.Draft7Validator":
    """What checks ``pointer`` of ``schema``; the schema keeps it, so that it goes when that goes."""
    found: Any = schema.validators.get(pointer)
    if found is None:
        import jsonschema_rs  # 30 ms of start-up, which commands that check nothing do not pay

        whole = pointer in ("", "#")  # the whole may not refer to itself: such a schema takes everything
        root = schema.root if whole else {**schema.root, "$ref": pointer}
        found = schema.validators[pointer] = jsonschema_rs.Draft7Validator(root)
    validator: jsonschema_rs.Draft7Validator = found
    return validator
