"""An object and a patch as Kustomize has them -> the object with the patch laid over it, every value with its place.

Lists of Kubernetes' own kinds are merged by the names of their items, those of custom resources are replaced.
"""

from collections.abc import Iterator
from dataclasses import replace

from mlgen import hatch
from mlgen.imports.hidden import with_value, without
from mlgen.imports.source import text
from mlgen.node import Key, Node, Path
from mlgen.problem import MlgenError, Problem

DIRECTIVES = ("$patch", "$retainKeys", "$setElementOrder")
BY_HAND = "`kubectl kustomize DIR | mlgen import -` reads what Kustomize makes of it"


def refused(node: Node, message: str) -> MlgenError:
    """What is Kustomize's to do."""
    return MlgenError(Problem("not-importable", node.span, message, BY_HAND))


def is_native(body: Node) -> bool:
    """Whether an object is of one of Kubernetes' own kinds."""
    group, slash, _ = text(body, "apiVersion").partition("/")
    return not slash or "." not in group or group.endswith(".k8s.io")


def laid_over(body: Node, patch: Node) -> Node:
    """A strategic merge. Raises MlgenError for a directive."""
    for path, node in patch.leaves():
        if any(isinstance(key, str) and key.startswith(DIRECTIVES) for key in path):
            raise refused(node, f"`{path[-1]}` is a directive that only Kustomize follows")
    kept = {key: node for key, node in patch.entries.items() if key not in ("apiVersion", "kind")}
    metadata = kept.pop("metadata", None)
    if metadata is not None and metadata.value is not None:
        kept["metadata"] = without(metadata, ("name",))
    return _over(body, replace(patch, value=kept), "", by_name=is_native(body)) or body


def _over(before: Node | None, patch: Node, field: str, *, by_name: bool) -> Node | None:
    if patch.value is None:
        return None
    if before is not None and isinstance(before.value, dict) and isinstance(patch.value, dict):
        found = dict(before.entries)
        for key, node in patch.entries.items():
            laid = _over(found.pop(key, None) if node.value is None else found.get(key), node, key, by_name=by_name)
            if laid is not None:
                found[key] = laid
        return replace(before, value=found, keys={**before.keys, **patch.keys})
    if before is not None and before.items and by_name and hatch.joins(patch, field):
        return replace(before, value=_joined(before, patch, field))
    return hatch.without_nulls(patch)


def _joined(before: Node, patch: Node, field: str) -> list[Node]:
    """What the patch says first, in its order, and then the rest: so does Kustomize."""
    names = hatch.NAMES.get(field, hatch.NAME)
    rest = list(before.items)
    found = []
    for item in patch.items:
        old = next((one for one in rest if any(_shares(item, one, name) for name in names)), None)
        if old is not None:
            rest.remove(old)
        found.append((_over(old, item, "", by_name=True) if old is not None else None) or hatch.without_nulls(item))
    return [*found, *rest]


def _shares(one: Node, other: Node, name: str) -> bool:
    return name in one and name in other and one[name].value == other[name].value


def changed(body: Node, operations: Node) -> Node:
    """RFC 6902. Raises MlgenError for an operation that finds nothing, or is none of the three that change."""
    for operation in operations.items:
        name, pointer = text(operation, "op"), text(operation, "path")
        path = tuple(_keys(body, pointer))
        value = operation.get("value")
        parent = body.find(*path[:-1])
        if name not in ("add", "replace", "remove") or not path or parent is None:
            raise refused(operation, f"`{name} {pointer}` cannot be done here")
        if name == "remove":
            body = without(body, path)
        elif value is None:
            raise refused(operation, f"`{name} {pointer}` has no value")
        else:
            body = _put(body, path, value, insert=name == "add")
    return body


def _keys(body: Node, pointer: str) -> Iterator[Key]:
    """The keys of a JSON pointer: numbers where there is a list."""
    node: Node | None = body
    for part in pointer.split("/")[1:]:
        key: Key = part.replace("~1", "/").replace("~0", "~")
        if node is not None and isinstance(node.value, list):
            key = len(node.items) if key == "-" else int(key) if str(key).isdecimal() and len(str(key)) < 10 else key
        yield key
        node = node.find(key) if node is not None and (isinstance(key, int) or isinstance(node.value, dict)) else None


def _put(body: Node, path: Path, value: Node, *, insert: bool) -> Node:
    parent, key = body.nearest(path[:-1]), path[-1]
    if isinstance(parent.value, list) and isinstance(key, int):
        items = [*parent.items[:key], value, *parent.items[key if insert else key + 1 :]]
        return with_value(body, path[:-1], replace(parent, value=items))
    if isinstance(parent.value, dict) and isinstance(key, str):
        entries = {**parent.entries, key: value}
        return with_value(body, path[:-1], replace(parent, value=entries, keys={**parent.keys, key: value.span}))
    raise refused(value, f"there is no place for `{key}` here")
