"""Objects of the reference platform, each with one slip -> the gate finds it, where it is, in every Kubernetes version.

The slips are drawn from what kubernetes-validate publishes, and for custom resources from the schemas that
custom_test holds against upstream: a name mistyped, a required field missing, a value of another type.
"""

import copy
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from tests.conftest import ROOT
from tests.tools.native_schemas import kind_of, sources, with_list

from mlgen import disk, engine, gate
from mlgen.gathered import Setting
from mlgen.kubernetes import custom
from mlgen.node import Json, Path
from mlgen.platform import load
from mlgen.problem import Finding

MINORS = [f"1.{number}" for number in range(30, 38)]
SLIPS = 60  # in each round
Body = dict[str, Json]
Shape = dict[str, Any]


class Spot(NamedTuple):
    """A value of an object, its place, and what its schema says of it."""

    path: Path
    shape: Shape


class Slip(NamedTuple):
    """A spoilt object, and where somebody would look."""

    body: Body
    path: Path


@cache
def bodies() -> list[Body]:
    """Every object of the reference platform, in all its environments."""
    files, problems = disk.read_inputs(ROOT)
    assert not problems
    platform = load(files)
    return [
        manifest.body
        for project in sorted(platform.projects)
        for place in engine.places(platform, project)
        for manifest in place.manifests
    ]


@cache
def native(minor: str) -> tuple[dict[str, str], dict[str, Shape]]:
    """What kubernetes-validate has: the definition of each kind, and all definitions."""
    known = with_list(sources()[minor])
    return {kind: name for name, shape in known.items() if (kind := kind_of(shape))}, known


@cache
def definitions(api_version: str, kind: str, minor: str) -> tuple[Shape, dict[str, Shape]]:
    names, known = native(minor)
    if f"{api_version} {kind}" in names:
        return known[names[f"{api_version} {kind}"]], known
    schema = custom.closed(api_version, kind, minor)
    return {"$ref": schema["$ref"]}, schema["$defs"]


def spots(value: Json, shape: Shape, known: dict[str, Shape], path: Path = ()) -> Iterator[Spot]:
    """Every value of an object that its schema describes."""
    while "$ref" in shape:
        shape = known[shape["$ref"].rpartition("/")[2]]
    yield Spot(path, shape)
    if isinstance(value, dict):
        free = shape.get("additionalProperties")
        for key, item in value.items():
            below = shape.get("properties", {}).get(key, free)
            if isinstance(below, dict):
                yield from spots(item, below, known, (*path, key))
    elif isinstance(value, list) and isinstance(shape.get("items"), dict):
        for index, item in enumerate(value):
            yield from spots(item, shape["items"], known, (*path, index))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def mistyped(body: Body, found: list[Spot], choose: random.Random) -> Slip | None:
    """A field's name with one letter wrong."""
    maps = [spot for spot in found if spot.shape.get("properties") and at(body, spot.path)]
    spot = choose.choice(maps)
    spoilt = copy.deepcopy(body)
    target = at(spoilt, spot.path)
    key = choose.choice([key for key in target if key in spot.shape["properties"]])
    if spot.path == () and key in ("apiVersion", "kind"):
        return None
    index = choose.randrange(len(key))
    typo = key[:index] + choose.choice("abcxyz") + key[index + choose.randint(0, 1) :]
    if typo in spot.shape["properties"]:
        return None
    target[typo] = target.pop(key)
    return Slip(spoilt, (*spot.path, typo))


def missing(body: Body, found: list[Spot], choose: random.Random) -> Slip | None:
    """A required field taken away."""
    wanted = [(spot, key) for spot in found for key in spot.shape.get("required", ()) if key in at(body, spot.path)]
    if not wanted:
        return None
    spot, key = choose.choice(wanted)
    spoilt = copy.deepcopy(body)
    del at(spoilt, spot.path)[key]
    return Slip(spoilt, spot.path)


def retyped(body: Body, found: list[Spot], choose: random.Random) -> Slip | None:
    """A value that is something else than its field's."""
    spot = choose.choice([spot for spot in found if spot.path and (spot.shape.get("type") or spot.shape.get("oneOf"))])
    if spot.path in (("apiVersion",), ("kind",)):
        return None
    spoilt = copy.deepcopy(body)
    *parent, key = spot.path
    old = at(body, spot.path)
    at(spoilt, tuple(parent))[key] = [old] if isinstance(old, (dict, str, int)) else {"it": old}
    return Slip(spoilt, spot.path)


KINDS: tuple[Callable[[Body, list[Spot], random.Random], Slip | None], ...] = (mistyped, missing, retyped)


def found_at(findings: list[Finding], path: Path) -> bool:
    """Whether an error points there and nowhere else."""
    return any(finding.fault.severity == "error" and finding.fault.path == path for finding in findings)


@pytest.mark.parametrize("minor", MINORS)
def test_every_object_passes_in_every_version(minor: str) -> None:
    """But for what a version does not have yet: nothing that mlgen writes."""
    found = [finding for finding in gate.check(bodies(), Setting(minor)) if finding.fault.severity == "error"]
    assert found == []


def missed(rounds: int, choose: random.Random) -> list[tuple[str, Json, Path]]:
    """The slips, of so many rounds, that nothing pointed at."""
    result = []
    for number in range(rounds * SLIPS):
        body, minor = choose.choice(bodies()), choose.choice(MINORS)
        shape, known = definitions(str(body["apiVersion"]), str(body["kind"]), minor)
        slip = KINDS[number % len(KINDS)](body, list(spots(body, shape, known)), choose)
        if slip is not None and not found_at(list(gate.check([slip.body], Setting(minor))), slip.path):
            result.append((minor, body["kind"], slip.path))
    return result


def test_one_slip_is_found_where_it_is() -> None:
    assert missed(50, random.Random(0)) == []


@pytest.mark.proof(count=60_000)
def test_one_of_many_slips_is_found_where_it_is() -> None:
    assert missed(1_000, random.Random()) == []
