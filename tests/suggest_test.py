"""Typos find what was meant; what is no typo finds nothing."""

import json
import random
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen.suggest import closest, damerau, did_you_mean

SCHEMAS = Path(__file__).parent.parent / "schemas"
KEYS = (
    "apiVersion kind name owner description image data secrets workloads environments command args env resources cpu "
    "memory gpu runAsUser replicas min max port"
).split()
WORDS = st.text(alphabet="abc-_", max_size=8)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("acess", None),
        ("owenr", "owner"),
        ("Kind", "kind"),
        ("api_version", "apiVersion"),
        ("run-as-user", "runAsUser"),
        ("RUNASUSER", "runAsUser"),
        ("secret", "secrets"),
        ("images", "image"),
        ("replcias", "replicas"),
        ("workload", "workloads"),
        ("desc", "description"),
        ("mem", "memory"),
        ("gup", "gpu"),
        ("kind", "kind"),
        ("volumes", None),
        ("containers", None),
        ("xyz", None),
        ("", None),
        ("a" * 100_000, None),
    ],
)
def test_closest(word: str, meant: str | None) -> None:
    assert closest(word, KEYS) == meant


def test_a_tie_goes_to_the_likeness() -> None:
    assert closest("prot", ["post", "port"]) == "port"


@pytest.mark.parametrize(
    ("word", "candidates", "sentence"),
    [
        ("wokers", ["workers", "replicas"], "did you mean `workers`?"),
        ("spark", ["job", "serving"], "choose one of: job, serving"),
        ("spark", ["job"], "the only choice is `job`"),
        ("spark", [], ""),
        ("spark", [f"name-{number}" for number in range(100)], ""),
    ],
)
def test_did_you_mean(word: str, candidates: list[str], sentence: str) -> None:
    assert did_you_mean(word, candidates) == sentence


@given(WORDS, WORDS)
def test_damerau_is_a_distance(one: str, other: str) -> None:
    distance = damerau(one, other)
    assert distance == damerau(other, one)
    assert (distance == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))


@given(WORDS, st.lists(WORDS))
def test_what_is_there_is_found(word: str, candidates: list[str]) -> None:
    found = closest(word, candidates)
    assert found is None or found in candidates
    if word.strip("-_") and word in candidates:
        assert found == word


def key_sets(value: Any) -> Iterator[list[str]]:
    """The names of the properties of every shape in a schema."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict) and value["properties"]:
            yield sorted(value["properties"])
        for entry in value.values():
            yield from key_sets(entry)
    elif isinstance(value, list):
        for item in value:
            yield from key_sets(item)


def mistyped(word: str, dice: random.Random) -> str:
    """One letter inserted, left out or replaced, or two swapped."""
    at, letter = dice.randrange(len(word)), dice.choice(string.ascii_letters)
    before, here, after = word[:at], word[at : at + 1], word[at + 1 :]
    swapped = before + after[:1] + here + after[1:]
    return dice.choice([before + letter + here + after, before + after, before + letter + after, swapped])


@pytest.mark.parametrize("name", ["project", "environment", "releases"])
def test_one_typo_in_any_field_name_is_understood(name: str) -> None:
    dice = random.Random(name)
    asked, right = 0, 0
    for keys in key_sets(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))):
        typos = [(typo, key) for key in keys for _ in range(20) if (typo := mistyped(key, dice)) not in keys and typo]
        asked += len(typos)
        right += sum(closest(typo, keys) == key for typo, key in typos)
    assert asked > 80
    assert right / asked >= 0.95, f"{right} of {asked}"
