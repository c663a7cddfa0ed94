"""Plain JSON of any shape -> its maps, lists and texts: rules about objects ask, and never stumble over what is odd."""

from collections.abc import Iterator

from mlgen.node import Json, Path

Body = dict[str, Json]


def map_at(value: Json, *path: str | int) -> Body:
    """The map at ``path``; an empty one where there is something else, or nothing."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def list_at(value: Json, *path: str | int) -> list[Json]:
    """The list at ``path``; an empty one where there is something else, or nothing."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def text_at(value: Json, *path: str | int) -> str:
    """The text at ``path``; an empty one where there is something else, or nothing."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def number_at(value: Json, *path: str | int) -> int | None:
    """The whole number at ``path``; None where there is something else, or nothing."""
    found = at(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def maps_at(value: Json, *path: str | int) -> Iterator[tuple[Path, Body]]:
    """Every map in the list at ``path``, each with its own path."""
    found = at(value, *path)
    if not isinstance(found, list):
        return iter(())
    return iter([((*path, index), item) for index, item in enumerate(found) if isinstance(item, dict)])


def at(value: Json, *path: str | int) -> Json:
    """What stands at ``path``; None where nothing does."""
    for key in path:  # asked some eighty times an object, so in few steps
        if type(value) is dict:
            value = value.get(key)  # type: ignore[arg-type]  # a number is no key: there is nothing
        elif type(value) is list and type(key) is int and key < len(value):
            value = value[key]
        else:
            return None
    return value
