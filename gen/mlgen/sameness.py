"""Two values -> whether Kubernetes takes them for the same, and the innermost place where they differ."""

from mlgen.amount import quantity
from mlgen.body import Body, at
from mlgen.node import Json, Path

EMPTY: tuple[Json, ...] = (None, [], {}, "")
# Fields whose values, or whose maps' values, are quantities.
AMOUNTS = frozenset(("requests", "limits", "capacity", "sizeLimit", "divisor", "overhead"))


def same(one: Json, other: Json, *, amounts: bool = False) -> bool:
    """Whether two values mean the same: what is absent is what is empty; with ``amounts``, `1` is `1000m`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key), amounts=amounts or key in AMOUNTS) for key in {*one, *other})
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if one in EMPTY and other in EMPTY:
        return True
    if isinstance(one, bool) is isinstance(other, bool) and one == other:
        return True
    first, second = (quantity(one), quantity(other)) if amounts else (None, None)
    return first is not None and first == second


def changed(body: Body, path: Path, was: Json, now: Json) -> Path:
    """The innermost value at or below ``path`` of ``body`` that ``was`` another; a map that lost a key, for that."""
    while True:
        if isinstance(was, dict) and isinstance(now, dict):
            keys = [key for key in {**now, **was} if not same(was.get(key), now.get(key))]
            if len(keys) != 1 or keys[0] not in now:
                break
            was, now, path = was.get(keys[0]), now[keys[0]], (*path, keys[0])
        elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
            places = [index for index in range(len(now)) if not same(was[index], now[index])]
            if len(places) != 1:
                break
            was, now, path = was[places[0]], now[places[0]], (*path, places[0])
        else:
            break
    while path and at(body, *path) is None:
        path = path[:-1]
    return path


def path_text(path: Path) -> str:
    """A path as messages say it: `spec.template`."""
    return f"`{'.'.join(str(key) for key in path)}`"
