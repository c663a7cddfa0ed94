"""Folders that mlgen rendered -> the objects that a cluster gets of each: of base, what the environment's patches make.

What is in base alone no cluster gets, and a patch is no object. Only mlgen's own folders are put together here: one
file an object, and its patch by the same name.
"""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from mlgen import document, patch
from mlgen.body import list_at, maps_at, text_at
from mlgen.examined import Examined, Object, examine, judged_alone, read
from mlgen.gathered import Setting
from mlgen.node import Json

BASE, KUSTOMIZATION = "../base", "kustomization.yaml"


class Overlay(NamedTuple):
    """One folder, and the files that it takes: its own, and those of base with what they become, None if nothing."""

    folder: str
    own: tuple[str, ...]
    shared: Mapping[str, Json]

    def examined(self, files: Mapping[str, bytes], setting: Setting) -> list[Examined]:
        """What each file says, with what is wrong with each object alone."""
        whole = [examine(file, files[file], setting) for file in self.own]
        bodies = {file: body for file, body in self.shared.items() if isinstance(body, dict)}
        return [*whole, *(judged_alone(file, [Object(0, (), body)], setting) for file, body in bodies.items())]


def overlays(
    kustomizations: Mapping[str, bytes], files: Mapping[str, bytes], rendered: Collection[str]
) -> Iterator[Overlay]:
    """Every folder of ``rendered``, those that have an mlgen.lock, that can be put together from ``files``."""
    for folder in sorted({*rendered} - with_components(kustomizations, rendered)):
        named = _resources(folder, kustomizations)
        shared = _shared(folder, kustomizations, files) if BASE in named else {}
        if shared is not None and posixpath.basename(folder) != posixpath.basename(BASE):
            yield Overlay(folder, tuple(file for file in _joined(folder, named) if file in files), shared)


def with_components(kustomizations: Mapping[str, bytes], rendered: Collection[str]) -> set[str]:
    """Those of ``rendered`` of which components make something else: `mlgen check` knows what."""
    files = {folder: kustomizations.get(f"{folder}/{KUSTOMIZATION}", b"") for folder in rendered}
    return {folder for folder, data in files.items() if b"components" in data and list_at(_value(data), "components")}


def _shared(folder: str, kustomizations: Mapping[str, bytes], files: Mapping[str, bytes]) -> dict[str, Json] | None:
    """Base's objects by their files as patches in ``folder`` make them; None if a person made it something else."""
    base = posixpath.normpath(posixpath.join(folder, BASE))
    value = _value(kustomizations.get(f"{folder}/{KUSTOMIZATION}", b""))
    patches = {f"{folder}/{text_at(entry, 'path')}" for _, entry in maps_at(value, "patches")}
    found: dict[str, Json] = {}
    for file in _joined(base, _resources(base, kustomizations)):
        objects = read(file, files[file])[0] if file in files else []
        if len(objects) != 1:
            return None
        found[file] = objects[0].body
        path = f"{folder}/patches/{posixpath.basename(file)}"
        if path in patches:
            operations = _value(files.get(path, b""))
            try:
                found[file] = _patched(objects[0].body, operations) if isinstance(operations, list) else None
            except (ValueError, TypeError, KeyError):
                return None
    return found


def _patched(body: Json, operations: list[Json]) -> Json:
    return patch.apply(body, [operation for operation in operations if isinstance(operation, dict)])


def _resources(folder: str, kustomizations: Mapping[str, bytes]) -> list[str]:
    value = _value(kustomizations.get(f"{folder}/{KUSTOMIZATION}", b""))
    return [name for name in list_at(value, "resources") if isinstance(name, str)]


def _joined(folder: str, names: list[str]) -> list[str]:
    return [f"{folder}/{name}" for name in names if name != BASE]


def _value(data: bytes) -> Json:
    values = document.values(data)
    return values[0] if values else None
