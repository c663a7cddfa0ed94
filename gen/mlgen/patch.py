"""Two JSON values -> the RFC 6902 operations between them; a value and operations -> the other value."""

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from mlgen.node import Json

Operation: TypeAlias = dict[str, Json]


def same(left: Json, right: Json) -> bool:
    """Whether both are one JSON value. Unlike for Python's ``==``, 1 is neither True nor 1.0."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


def diff(old: Json, new: Json) -> list[Operation]:
    """What turns ``old`` into ``new``: ``apply(old, diff(old, new))`` is the same as ``new``.

    Maps change key by key; lists item by item, an item being known by its ``name``, unless the whole list is the
    shorter reading. Each operation has the keys op, path, value in this order. Nothing of ``new`` is copied.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        return list(_map(old, new, ""))
    return list(_value(old, new, ""))


def apply(document: Json, operations: Sequence[Operation]) -> Json:
    """``document`` after add, remove and replace ``operations`` in their order; ``document`` stays as it was.

    Raises ValueError for a path that is not there, and for any other operation.
    """
    root: Json = {"": copy.deepcopy(document)}
    for operation in operations:
        *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in str(operation["path"]).split("/"))
        try:
            target = root
            for part in parents:
                target = _entry(target, part)
            _change(target, last, operation)
        except (LookupError, ValueError) as error:
            raise ValueError(f"cannot {operation['op']} {operation['path']!r}") from error
    return _entry(root, "")


def _value(old: Json, new: Json, path: str) -> Iterator[Operation]:
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and (old.keys() & new.keys() or not old or not new):
        yield from _map(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list(old, new, path)
    else:
        yield _replace(path, new)


def _map(old: dict[str, Json], new: dict[str, Json], path: str) -> Iterator[Operation]:
    for key, item in old.items():
        if key in new:
            yield from _value(item, new[key], _join(path, key))
        else:
            yield {"op": "remove", "path": _join(path, key)}
    for key, item in new.items():
        if key not in old:
            yield {"op": "add", "path": _join(path, key), "value": item}


def _list(old: list[Json], new: list[Json], path: str) -> list[Operation]:
    """The shortest of: items that kept their name or content stay; each index by itself; the whole list."""
    ways = []
    before, after = [_identity(item) for item in old], [_identity(item) for item in new]
    kept = set(before) & set(after)
    unique = len(set(before)) == len(before) and len(set(after)) == len(after)
    if unique and [key for key in before if key in kept] == [key for key in after if key in kept]:
        ways.append(list(_moved(dict(zip(before, old, strict=True)), dict(zip(after, new, strict=True)), path)))
        if any(key.startswith("name ") for key in kept):
            return ways[0]
    if len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        ways.append([step for index, pair in pairs for step in _value(*pair, f"{path}/{index}")])
    return min([*ways, [_replace(path, new)]], key=_length)


def _moved(old: dict[str, Json], new: dict[str, Json], path: str) -> Iterator[Operation]:
    """Items by identity: first those that go, from the back, so that indexes hold; then the new ones, from the front;
    then changes within the others."""
    for index, key in reversed(list(enumerate(old))):
        if key not in new:
            yield {"op": "remove", "path": f"{path}/{index}"}
    length = len(old.keys() & new.keys())
    for index, (key, item) in enumerate(new.items()):
        if key not in old:
            yield {"op": "add", "path": f"{path}/{'-' if index == length else index}", "value": item}
            length += 1
    for index, (key, item) in enumerate(new.items()):
        if key in old:
            yield from _value(old[key], item, f"{path}/{index}")


def _identity(item: Json) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return f"name {name}" if isinstance(name, str) else f"item {json.dumps(item, sort_keys=True)}"


def _length(operations: list[Operation]) -> int:
    """How many lines they are to read."""
    return sum(2 + (_lines(operation["value"]) if "value" in operation else 0) for operation in operations)


def _lines(value: Json) -> int:
    if isinstance(value, (dict, list)):
        return 1 + sum(map(_lines, value.values() if isinstance(value, dict) else value))
    return 1 + value.count("\n") if isinstance(value, str) else 1


def _replace(path: str, value: Json) -> Operation:
    return {"op": "replace", "path": path, "value": value}


def _join(path: str, key: str) -> str:
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"


def _entry(value: Json, part: str) -> Json:
    if isinstance(value, dict):
        return value[part]
    if isinstance(value, list):
        return value[_index(part)]
    raise LookupError(part)


def _change(target: Any, last: str, operation: Operation) -> None:
    """Do one operation to the entry ``last`` of ``target``, which is apply's own copy."""
    value = copy.deepcopy(operation.get("value"))
    if operation["op"] == "add" and isinstance(target, list):
        index = len(target) if last == "-" else _index(last)
        if index > len(target):
            raise LookupError(last)
        target.insert(index, value)
    elif operation["op"] == "add" and isinstance(target, dict):
        target[last] = value
    elif operation["op"] in ("remove", "replace"):
        _entry(target, last)  # has to be there
        key = last if isinstance(target, dict) else _index(last)
        if operation["op"] == "remove":
            del target[key]
        else:
            target[key] = value
    else:
        raise ValueError(last)


def _index(part: str) -> int:
    if not (part.isascii() and part.isdecimal() and part == str(int(part))):
        raise ValueError(part)
    return int(part)
