"""Two values -> whether Kubernetes takes them for the same, and the innermost place where they differ."""

from mlgen.amount import quantity
from mlgen.body import Body, at
from mlgen.node import Json, Path

EMPTY: tuple[Json, ...] = (None, [], {}, "")


def same(one: Json, other: Json) -> bool:
    """Whether two values mean the same: what is absent is what is empty, and `1` cpu is `1000m`."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key)) for key in {*one, *other})
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if one in EMPTY and other in EMPTY:
        return True
    if type(one) is type(other) and one == other:
        return True
    return _amount(one, other)


def _amount(one: Json, other: Json) -> bool:
    """Whether two quantities are one. Texts of the same form elsewhere, such as a version, begin alike too."""
    if isinstance(one, (str, int, float)) and isinstance(other, (str, int, float)):
        first, second = quantity(one), quantity(other)
        return first is not None and first == second and not isinstance(one, bool) and not isinstance(other, bool)
    return False


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
