"""Kustomization files -> the files they take that are no objects by themselves: patches, values, settings of its own.

A file of resources is an object, and so is not named here. https://kubectl.docs.kubernetes.io/references/kustomize/
"""

import posixpath
from collections.abc import Iterator, Mapping

from mlgen import document
from mlgen.body import list_at, maps_at, text_at
from mlgen.node import Json

NAMES = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
FILES = ("configurations", "generators", "patchesStrategicMerge", "transformers", "validators")
PATHS = (
    *(("patches", "path"), ("patchesJson6902", "path"), ("replacements", "path")),
    *(("helmCharts", "valuesFile"), ("helmCharts", "additionalValuesFiles")),
    *((generator, key) for generator in ("configMapGenerator", "secretGenerator") for key in ("files", "envs", "env")),
)


def is_kustomization(file: str) -> bool:
    """Whether kustomize looks for a file of this name."""
    return posixpath.basename(file) in NAMES


def ingredients(kustomizations: Mapping[str, bytes]) -> frozenset[str]:
    """The paths that ``kustomizations`` name as such, as seen from where their own paths begin."""
    return frozenset(
        posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        for file, data in kustomizations.items()
        for value in _values(file, data)
        for path in _named(value)
    )


def _values(file: str, data: bytes) -> list[Json]:
    values = document.values(data)
    if values is not None:
        return values
    return [root.plain() for root in document.parse(data, file=file, dialect="kubernetes").documents]


def _named(value: Json) -> Iterator[str]:
    for key in FILES:
        yield from (path for path in list_at(value, key) if isinstance(path, str) and "\n" not in path)
    for key, inner in PATHS:
        for _, entry in maps_at(value, key):
            texts = [*list_at(entry, inner), text_at(entry, inner)]
            yield from (text.rpartition("=")[2] for text in texts if isinstance(text, str) and text)
    if path := text_at(value, "openapi", "path"):
        yield path
