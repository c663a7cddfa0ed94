"""An address such as churn/prod:Deployment/serve:spec.replicas -> the objects and the values that it names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlgen.commands import UsageError
from mlgen.manifest import Manifest
from mlgen.meeting import Place
from mlgen.node import Json, Path
from mlgen.suggest import did_you_mean

FORM = re.compile(r"([^/:]+)/([^/:]+)(?::([^/:]+)(?:/([^:]+)(?::(.*))?)?)?")
HASH = re.compile(r"-[0-9a-f]{10}$")


class Address(NamedTuple):
    """PROJECT/ENV[:KIND[/NAME[:PATH]]]: what is left out means all there is."""

    project: str
    environment: str
    kind: str | None
    name: str | None
    path: str | None


def parse(text: str) -> Address | None:
    """The address that ``text`` is, or None if it is something else."""
    match = FORM.fullmatch(text)
    return Address(*match.groups()) if match else None


def shown(manifest: Manifest) -> str:
    """The object's part of an address."""
    return f"{manifest.ref.kind}/{manifest.ref.name}"


def objects(place: Place, address: Address) -> list[Manifest]:
    """The objects that ``address`` names, those that others create too; the hash at a name's end may be left out."""
    return [
        manifest
        for manifest in (*place.manifests, *place.pointers, *place.within)
        if (address.kind is None or manifest.ref.kind.lower() == address.kind.lower())
        and (address.name is None or address.name in (manifest.ref.name, HASH.sub("", manifest.ref.name)))
    ]


def nothing(place: Place, address: Address) -> UsageError:
    """Why ``objects`` found none."""
    there = (*place.manifests, *place.pointers, *place.within)
    kinds = dict.fromkeys(manifest.ref.kind for manifest in there)
    kind = next((kind for kind in kinds if kind.lower() == str(address.kind).lower()), None)
    where = f"`{address.project}` in `{address.environment}`"
    if kind is None:
        return UsageError(f"{where} has no {address.kind}", did_you_mean(str(address.kind), kinds))
    names = [manifest.ref.name for manifest in there if manifest.ref.kind == kind]
    return UsageError(f"{where} has no {kind} `{address.name}`", did_you_mean(str(address.name), names))


def pointer(body: Json, text: str) -> Path:
    """``spec.containers.0.image`` as a path into ``body``. Keys with dots in them are found as they come, items by
    number or name, and brackets are as good as dots. Raises UsageError where it leads nowhere.
    """
    path: list[str | int] = []
    rest, value = re.sub(r"\[([^\]]*)\]", r".\1", text).strip("."), body
    while rest:
        steps = _steps(value)
        step = max((step for step in steps if rest == step or rest.startswith(f"{step}.")), key=len, default=None)
        if step is None:
            head, inside = rest.partition(".")[0], ".".join(map(str, path)) or "the object"
            raise UsageError(f"there is no `{head}` in {inside}", did_you_mean(head, steps))
        path.append(steps[step])
        value = at(value, (steps[step],))
        rest = rest[len(step) + 1 :]
    return tuple(path)


def at(value: Json, path: Path) -> Json:
    """What stands at a path that exists."""
    for key in path:
        value = value[key]  # type: ignore[index]  # it exists
    return value


def leaves(body: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    """Every value at or below ``path`` that has nothing below itself."""
    value = at(body, path)
    steps = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    if not steps:
        yield path, value
    for step in steps:
        yield from leaves(body, (*path, step))


def _steps(value: Json) -> dict[str, str | int]:
    """What may follow: the keys of a map; the names and numbers of a list's items."""
    if isinstance(value, dict):
        return {key: key for key in value}
    if not isinstance(value, list):
        return {}
    names = {str(item["name"]): index for index, item in enumerate(value) if isinstance(item, dict) and "name" in item}
    return {**names, **{str(index): index for index in range(len(value))}}
