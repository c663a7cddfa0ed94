"""Kubernetes' CEL functions about lists.

Source: apiserver/pkg/cel/library/lists.go; https://kubernetes.io/docs/reference/using-api/cel/.
`indexOf` and `lastIndexOf` are members of text, too: `mlgen.cel.rewriting` gives the two names of its own.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from mlgen.cel.function import ANY, Form, Function, member

INDEX, LAST_INDEX = "index_of", "last_index_of"


def _sum(items: Sequence[Any]) -> Any:
    if any(isinstance(item, (bool, str, bytes, list, dict)) for item in items):
        raise ValueError("only numbers and durations have a sum")
    return sum(items[1:], items[0]) if items else 0


def _least(items: Sequence[Any]) -> Any:
    if not items:
        raise ValueError("the list is empty")
    return min(items)


def _most(items: Sequence[Any]) -> Any:
    if not items:
        raise ValueError("the list is empty")
    return max(items)


def _index(items: Sequence[Any], wanted: Any) -> int:
    return next((index for index, item in enumerate(items) if _same(item, wanted)), -1)


def _last_index(items: Sequence[Any], wanted: Any) -> int:
    return next((index for index in range(len(items) - 1, -1, -1) if _same(items[index], wanted)), -1)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _positions(name: str, in_list: Callable[..., int], in_text: Callable[[str, str, int | None], int]) -> Function:
    of_text = (
        Form(("string", "string"), "int", lambda text, part: in_text(text, part, None)),
        Form(("string", "string", "int"), "int", in_text),
    )
    return Function(name, (*(Form(("list", kind), "int", in_list) for kind in ANY), *of_text))


def _find(text: str, part: str, start: int | None) -> int:
    if start is not None and not 0 <= start <= len(text):
        raise ValueError("the offset is outside of the text")
    return text.find(part, start)


def _find_last(text: str, part: str, start: int | None) -> int:
    if start is None:
        return text.rfind(part)
    if not 0 <= start <= len(text):
        raise ValueError("the offset is outside of the text")
    return text.rfind(part, 0, start + len(part))


FUNCTIONS: tuple[Function, ...] = (
    member("isSorted", ("list",), "bool", lambda items: all(one <= other for one, other in pairwise(items))),
    member("sum", ("list",), "dyn", _sum),
    member("min", ("list",), "dyn", _least),
    member("max", ("list",), "dyn", _most),
    Function(
        "includes", tuple(Form(("list", kind), "bool", lambda items, one: _index(items, one) >= 0) for kind in ANY)
    ),
    _positions(INDEX, _index, _find),
    _positions(LAST_INDEX, _last_index, _find_last),
)
