"""Rules about objects together, over whatever objects: they never raise, and real manifests give no false alarm."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.manifests_test import BAD, GOOD, MINOR

from mlgen import document, links
from mlgen.gathered import Gathered, Setting
from mlgen.linted import lint
from mlgen.node import Json
from mlgen.platform import load

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**400,
    1.5,
    "",
    "²",
    "9" * 5000 + "%",
    [],
    [[]],
    [None],
    {},
    {"name": []},
    [{}],
)
OFFER = """\
apiVersion: mlgen.dev/v1
kind: Environment
name: dev
gpus: {a100: {resource: nvidia.com/gpu, total: 4, perNode: 2}}
quota: {cpu: 1, gpu: {a100: 1}}
"""


def documents() -> list[list[Any]]:
    """The objects of each case of these rules."""
    rules = {rule.id for rule in links.RULES}
    files = [case.path for case in (*BAD, *GOOD) if case.rule in rules]
    parsed = [document.parse(file.read_bytes(), file=file.name, dialect="kubernetes") for file in files]
    return [[root.plain() for root in one.documents] for one in parsed]


def places(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in ``value`` but the root."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in entries:
        yield (*path, key)
        yield from places(below, (*path, key))


def test_no_object_however_odd_makes_a_rule_raise() -> None:
    drawn = random.Random(6)
    offer = load({"environments/dev.yaml": OFFER.encode()}).environments["dev"]
    for number, bodies in enumerate(documents()):
        for path in places(bodies):
            if len(path) < 2:
                continue
            changed = copy.deepcopy(bodies)
            holder = changed
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = drawn.choice(ODD)
            setting = Setting(MINOR, offer if number % 2 else None)
            for finding in links.check(Gathered(changed), setting):
                assert finding.fault.message
                assert 0 <= finding.subject < len(changed)


@pytest.mark.parametrize("folder", ["accepted", "samples"])
def test_what_is_sound_has_no_error(folder: str, shared: Path) -> None:
    """What each file of real projects refers to may be elsewhere; nothing in it contradicts itself."""
    rules = {rule.id for rule in links.RULES}
    for file in sorted((shared / folder).rglob("*.yaml")):
        found = lint({file.name: file.read_bytes()}, Setting(MINOR)).problems
        wrong = [problem for problem in found if problem.rule in rules and problem.severity == "error"]
        assert not wrong, f"{file.name}: {wrong}"


def test_an_object_and_its_variants_are_one_object() -> None:
    """A folder with a base and its overlays has everything twice; no two of those get in each other's way."""
    for case in GOOD:
        if case.rule in {rule.id for rule in links.RULES}:
            once = case.linted()
            data = case.path.read_bytes()
            twice = lint({"base.yaml": data, "overlay.yaml": data}, Setting(MINOR))
            errors = {problem.rule for problem in twice.problems if problem.severity == "error"}
            assert not errors & {rule.id for rule in links.RULES}, case
            assert once.problems == []
