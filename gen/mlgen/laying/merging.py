"""A value as builders draft it and a patch of it -> the value as Kustomize would make it.

Of a partial object: maps merge by key, and lists of named things by what names them, those of the patch first (kyaml,
merge2 with MergeOptionsListPrepend); other lists are replaced. What only some versions of Kustomize do is refused
before (see ``components.reading``).
"""

from collections.abc import Sequence
from typing import TypeAlias

from mlgen.components.lists import MERGED
from mlgen.hatch import without_nulls
from mlgen.node import Json, Key, Node, Path
from mlgen.trace import Draft, Origins, made

Built: TypeAlias = "dict[str, Built] | list[Built] | Draft"


def lifted(body: Json, origins: Origins, path: Path = ()) -> Built:
    """A finished value as a draft again, each leaf with its origins."""
    if isinstance(body, dict) and body:
        return {key: lifted(value, origins, (*path, key)) for key, value in body.items()}
    if isinstance(body, list) and body:
        return [lifted(value, origins, (*path, index)) for index, value in enumerate(body)]
    return made(body, *origins.get(path, ()))


def merged(value: Built, patch: Node, field: str, *, native: bool) -> Built:
    """``patch`` laid over ``value``, which is that of ``field`` in an object; ``native`` if Kubernetes' own."""
    if isinstance(patch.value, dict) and isinstance(value, dict):
        result = dict(value)
        for key, one in patch.entries.items():
            if one.value is None:
                result.pop(key, None)
            else:
                result[key] = merged(result[key], one, key, native=native) if key in result else without_nulls(one)
        return result
    if isinstance(patch.value, list) and isinstance(value, list) and native and field in MERGED:
        return _joined(value, patch.items, MERGED[field], native=native)
    return patch


def _joined(value: Sequence[Built], items: Sequence[Node], name: str, *, native: bool) -> Built:
    rest = list(value)
    front: list[Built] = []
    for item in items:
        old = next((one for one in rest if _named(one, name) == item[name].plain()), None)
        if old is not None:
            rest.remove(old)
        front.append(without_nulls(item) if old is None else merged(old, item, "", native=native))
    return [*front, *rest]


def _named(value: Built, name: str) -> Json:
    inner = value.get(name) if isinstance(value, dict) else None
    while inner is not None and hasattr(inner, "value"):
        inner = inner.value
    return inner if isinstance(inner, (str, int)) else None


def operated(value: Built, operation: Node) -> Built:
    """``value``, which is ours to change, after an operation of RFC 6902. Raises LookupError where it has no place."""
    root: dict[str, Built] = {"": value}
    *parents, last = (step.replace("~1", "/").replace("~0", "~") for step in _text(operation["path"]).split("/"))
    target: Built = root
    for step in parents:
        target = _below(target, step)
    _change(target, last, _text(operation["op"]), operation.get("value"))
    return root[""]


def _below(value: Built, step: str) -> Built:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    raise LookupError(step)


def _change(target: Built, last: str, word: str, value: Node | None) -> None:
    """One operation, in place."""
    new = opened(value) if value is not None else None
    if word == "add" and isinstance(target, dict):
        target[last] = new
    elif word == "add" and isinstance(target, list):
        if last != "-" and not (last.isdecimal() and int(last) <= len(target)):
            raise LookupError(last)
        target.insert(len(target) if last == "-" else int(last), new)
    else:
        _below(target, last)
        key: Key = int(last) if isinstance(target, list) else last
        if word == "remove":
            del target[key]  # type: ignore[union-attr, arg-type]  # a map or a list: it has the entry
        else:
            target[key] = new  # type: ignore[index]


def opened(node: Node) -> Built:
    """A document's value, so that operations can reach into it."""
    if isinstance(node.value, dict) and node.value:
        return {key: opened(one) for key, one in node.entries.items()}
    if isinstance(node.value, list) and node.value:
        return [opened(one) for one in node.items]
    return node


def _text(node: Node) -> str:
    return str(node.scalar)
