"""What must be found in an object, and the object -> what is not so, the patch for it, and what came on top."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from mlgen import hatch
from mlgen.imports.container import image
from mlgen.imports.hidden import with_value
from mlgen.imports.spark_application import mebibytes
from mlgen.node import Json, Key, Node, Path
from mlgen.sameness import AMOUNTS, EMPTY, same

# Of these at most one may stand in a map.
SIZES, SPARK = frozenset(("memory", "memoryOverhead")), frozenset(("driver", "executor"))
ONE_OF = (
    frozenset(("httpGet", "tcpSocket", "exec", "grpc", "sleep")),
    frozenset(("value", "valueFrom")),
    frozenset(
        "emptyDir persistentVolumeClaim configMap secret hostPath projected csi nfs ephemeral downwardAPI image".split()
    ),
)


class Different(NamedTuple):
    """What is not as it must be: ``missing`` are the places in the wanted body, ``patch`` what mends it."""

    missing: list[tuple[Path, Node]]
    patch: dict[str, Json]


def different(wanted: Node, built: Json, exact: Sequence[Path] = ()) -> Different:
    """Compare a whole object. Below each of ``exact`` nothing may be on top."""
    missing: list[tuple[Path, Node]] = []
    for path in exact:
        parent = wanted.find(*path[:-1])
        if parent is not None and wanted.find(*path) is None:
            nothing = Node({}, parent.span)
            wanted = with_value(wanted, path[:-1], replace(parent, value={**parent.entries, str(path[-1]): nothing}))
    patch = _map(wanted, built if isinstance(built, dict) else {}, (), missing, exact)
    return Different(missing, patch)


def _map(
    wanted: Node, built: dict[str, Json], path: Path, missing: list[tuple[Path, Node]], exact: Sequence[Path]
) -> dict[str, Json]:
    """The patch of a map: an empty one where nothing is to be mended."""
    patch: dict[str, Json] = {}
    for key, node in wanted.entries.items():
        here = (*path, key)
        found = built.get(key)
        if isinstance(node.value, dict) and isinstance(found, dict):
            if inner := _map(node, found, here, missing, exact):
                patch[key] = inner
        elif isinstance(found, list) and hatch.joins(node, key):
            if items := _list(node, found, here, missing, exact):
                patch[key] = items
        elif not _same(key, path, node.plain(), found):
            missing += [((*here, *below), leaf) for below, leaf in node.leaves()]
            patch[key] = node.plain()
    gone: set[str] = set(built) - set(wanted.entries) if path in exact else set()
    for group in ONE_OF:
        if group & wanted.entries.keys():
            gone |= (group & built.keys()) - wanted.entries.keys()
    return {**patch, **dict.fromkeys(sorted(gone))}


def _list(
    wanted: Node, built: list[Json], path: Path, missing: list[tuple[Path, Node]], exact: Sequence[Path]
) -> list[Json]:
    """The patch of a list whose items have names."""
    names = hatch.NAMES.get(str(path[-1]), hatch.NAME)
    patch: list[Json] = []
    for index, item in enumerate(wanted.items):
        plain = item.plain()
        name, other = _named(plain, built, names)
        here = (*path, index)
        if other is None:
            missing += [((*here, *below), leaf) for below, leaf in item.leaves()]
            patch.append(plain)
        elif inner := _map(item, other, here, missing, exact):
            patch.append({**name, **inner})
    return patch


def _named(plain: Json, built: list[Json], names: tuple[str, ...]) -> tuple[dict[str, Json], dict[str, Json] | None]:
    """What names the item that ``plain`` means, and that item."""
    for other in built:
        for name in names:
            if isinstance(plain, dict) and isinstance(other, dict) and name in plain and plain[name] == other.get(name):
                return {name: plain[name]}, other
    return {}, None


def _same(key: str, path: Path, one: Json, other: Json) -> bool:
    if key in SIZES and path[-1:] and path[-1] in SPARK:
        return one == other or (isinstance(one, str) and isinstance(other, str) and _sizes(one, other))
    if key == "image" and isinstance(one, str) and isinstance(other, str):
        return image(one) == image(other)
    return same(one, other, amounts=bool({key, *path[-1:]} & AMOUNTS))


def _sizes(one: str, other: str) -> bool:
    found = mebibytes(one)
    return found is not None and found == mebibytes(other)


def on_top(wanted: Node | None, built: Json, path: Path = ()) -> Iterator[Path]:
    """The outermost places of ``built`` of which ``wanted`` says nothing."""
    if wanted is None:
        yield from [path] if built not in EMPTY else []
    elif isinstance(built, dict) and isinstance(wanted.value, dict):
        for key, value in built.items():
            yield from on_top(wanted.get(key), value, (*path, key))
    elif isinstance(built, list) and isinstance(wanted.value, list) and hatch.joins(wanted, _field(path)):
        names = hatch.NAMES.get(_field(path), hatch.NAME)
        for item in built:
            plain = [node.plain() for node in wanted.items]
            name, other = _named(item, plain, names)
            found = wanted.items[plain.index(other)] if other is not None else None
            yield from on_top(
                found, item, (*path, name_of(item, names) if not name else str(next(iter(name.values()))))
            )


def _field(path: Path) -> str:
    return str(path[-1]) if path else ""


def name_of(item: Json, names: tuple[str, ...]) -> Key:
    """What an item of a list is called."""
    return next((str(item[name]) for name in names if isinstance(item, dict) and name in item), 0)
