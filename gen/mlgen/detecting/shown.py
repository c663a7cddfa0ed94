"""A CustomResourceDefinition and the mark of a back-end -> whether it bears that, in fact and in words."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.detecting.marks import Mark

OPEN = "x-kubernetes-preserve-unknown-fields"
LABELS = ("app.kubernetes.io/version", "helm.sh/chart")  # who installed it may have said which release it is
NUMBER = re.compile(r"(\d+)\.(\d+)")


class Definition(NamedTuple):
    """The kind that one defines, the schemas of the versions that are served, and the release that a label names."""

    kind: str
    versions: Mapping[str, Body]
    label: str


def definition(body: Body) -> Definition:
    """What matters of a definition."""
    labels = map_at(body, "metadata", "labels")
    said = (text_at(labels, name) for name in LABELS)
    versions = {
        text_at(version, "name"): map_at(version, "schema", "openAPIV3Schema")
        for _, version in maps_at(body, "spec", "versions")
        if version.get("served") is True
    }
    label = next((found[0] for text in said if (found := re.search(r"\d+\.\d[\w.]*", text))), "")
    return Definition(text_at(body, "spec", "names", "kind"), versions, label)


def bears(there: Definition, mark: Mark) -> bool | None:
    """Whether a definition bears a mark; None where it takes any fields, and so does not say."""
    if mark.version not in there.versions:
        return False
    schema = there.versions[mark.version]
    has = [_has(schema, path) for path in mark.has]
    lacks = [_has(schema, path) for path in mark.lacks]
    if False in has or True in lacks:
        return False
    return None if None in has or None in lacks else True


def _has(schema: Body, path: str) -> bool | None:
    """Whether a schema has the field at ``path``; None where it is open on the way there."""
    node = schema
    for step in path.split("."):
        below = map_at(node, "properties", step)
        if not below:
            return None if node.get(OPEN) is True else False
        node = below
    return True


def served(definitions: Mapping[str, Definition], resource: str) -> Mapping[str, Body]:
    """The versions in which a resource is served, none where it is not there."""
    return definitions[resource].versions if resource in definitions else {}


def because(definitions: Mapping[str, Definition], mark: Mark) -> str:
    """How a mark shows: "TrainJob has `spec.runtimePatches`"."""
    there = definitions[mark.resource]
    api = f"{mark.resource.partition('.')[2]}/{mark.version}"
    if bears(there, mark) is None or not mark.has:
        told = f"{there.kind} of {api} is there"
    else:
        told = f"{there.kind} has {_listed(mark.has)}" + (f" and no {_listed(mark.lacks)}" if mark.lacks else "")
    return f"{told}, labelled {there.label}" if there.label else told


def lack(there: Definition, mark: Mark) -> str:
    """What a definition lacks of a mark."""
    if mark.version not in there.versions:
        every = ", ".join(sorted(there.versions)) or "nothing"
        return f"it serves {every} and not {mark.version}"
    missing = [path for path in mark.has if _has(there.versions[mark.version], path) is False]
    return f"{there.kind} has no {_listed(tuple(missing))}" if missing else f"{there.kind} is another"


def at_least(label: str, backend: str) -> bool:
    """Whether a release, "3.7.2", is that of a back-end, "argo-workflows-3.7", or a later one."""
    release, named = NUMBER.search(label), NUMBER.search(backend)
    return bool(release and named and _number(release) >= _number(named))


def _number(match: re.Match[str]) -> tuple[int, int]:
    return int(match[1]), int(match[2])


def _listed(paths: tuple[str, ...]) -> str:
    return " and ".join(f"`{path}`" for path in paths)
