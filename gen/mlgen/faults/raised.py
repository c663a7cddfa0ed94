"""The errors of the JSON Schema library -> Faults, so that no other module of this package knows the library."""

from collections.abc import Iterable, Iterator
from typing import Any

from mlgen.faults.case import Fault
from mlgen.node import Node, Path


def raised(errors: Iterable[Any], root: Node) -> Iterator[Fault]:
    """The library's ``errors`` about ``root`` as values of ours."""
    for error in errors:
        keyword, detail, shape_path = error.kind.name, error.kind.value, tuple(error.schema_path)
        branches: tuple[tuple[Fault, ...], ...] = ()
        if keyword in ("anyOf", "oneOf"):
            branches, detail = tuple(tuple(raised(branch, root)) for branch in detail), None
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
