"""Kubernetes' published definitions -> what one minor version serves, each definition read when it is first needed.

``schemas/kubernetes/native.tsv`` has a line for as long as a definition stayed as it was. Neighbouring minor versions
are mostly equal, so all of them together are half as much text as two of them apart, and what another version has is
known without reading another file. Beside what is published, it has the API server's own rules: the definitions
``mlgen.<name>``, which the others refer to in ``allOf``.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from mlgen import shipped

MINORS = tuple(f"1.{number}" for number in range(25, 38))
REFERENCE = re.compile(r'"#/\$defs/([^"]+)"')

Schema = dict[str, Any]


class Run(NamedTuple):
    """A definition from the ``first`` to the ``last`` place in MINORS; ``kind`` is "apps/v1 Deployment" or empty."""

    first: int
    last: int
    kind: str
    schema: str


def served(minor: str) -> dict[str, str]:
    """The kinds that ``minor`` serves ("apps/v1 Deployment"), each with its definition's name.

    Raises ValueError for a minor version that is not in MINORS.
    """
    return _view(minor)[0]


def closed(name: str, minor: str) -> Schema:
    """The definition ``name`` as a schema of its own: with every definition it refers to."""
    known = _view(minor)[1]
    found: Schema = {}
    wanted = [name]
    while wanted:
        needed = wanted.pop()
        if needed not in found:
            found[needed], references = _read(known[needed])
            wanted.extend(references)
    return {"$ref": f"#/$defs/{name}", "$defs": found}


@cache
def groups() -> frozenset[str]:
    """Every API group that is Kubernetes' own in some minor version; the core group is empty."""
    return frozenset(kind.partition(" ")[0].rpartition("/")[0] for minor in MINORS for kind in served(minor))


def minors_serving(kind: str) -> list[str]:
    """The minor versions that serve ``kind``, oldest first."""
    return [minor for minor in MINORS if kind in served(minor)]


def minors_knowing(name: str, field: str) -> list[str]:
    """The minor versions in which the definition ``name`` has ``field``, oldest first."""
    having = [run for run in _runs()[name] if field in _read(run.schema)[0].get("properties", {})]
    return [minor for place, minor in enumerate(MINORS) if any(run.first <= place <= run.last for run in having)]


def in_words(minors: Iterable[str]) -> str:
    """Minor versions as a sentence has them: 1.32 and later, 1.26 to 1.29 or 1.31; nothing if there are none."""
    rows: list[list[int]] = []
    for place in sorted(map(MINORS.index, minors)):
        if rows and rows[-1][-1] == place - 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    return " or ".join(_row_in_words(row[0], row[-1]) for row in rows)


def _row_in_words(first: int, last: int) -> str:
    if first == last:
        return MINORS[first]
    if last == len(MINORS) - 1:
        return f"{MINORS[first]} and later"
    return f"{MINORS[last]} and earlier" if first == 0 else f"{MINORS[first]} to {MINORS[last]}"


@cache
def _runs() -> dict[str, list[Run]]:
    text = shipped.text("mlgen.schemas", "kubernetes/native.tsv")
    place = {minor: index for index, minor in enumerate(MINORS)}
    runs: dict[str, list[Run]] = {}
    for line in text.split("\n")[1:-1]:
        name, first, last, kind, schema = line.split("\t")
        runs.setdefault(name, []).append(Run(place[first], place[last], kind, schema))
    return runs


@cache
def _view(minor: str) -> tuple[dict[str, str], dict[str, str]]:
    """What one minor version has: the names of its kinds' definitions, and the text of every definition."""
    if minor not in MINORS:
        raise ValueError(f"there are no schemas of Kubernetes {minor}, only of {MINORS[0]} to {MINORS[-1]}")
    place = MINORS.index(minor)
    current = {name: run for name, runs in _runs().items() for run in runs if run.first <= place <= run.last}
    return {run.kind: name for name, run in current.items() if run.kind}, {n: run.schema for n, run in current.items()}


@cache
def _read(text: str) -> tuple[Schema, list[str]]:
    """A definition and the names of those it refers to; the text is the key, so all versions share what is equal."""
    return json.loads(text), REFERENCE.findall(text)
