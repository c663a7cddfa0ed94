"""What operators refuse: no rule stumbles over odd JSON, none has anything against what works."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.samples import sound

from mlgen import operators
from mlgen.document import parse
from mlgen.pods import named
from mlgen.problem import Fault, errors

MANIFESTS = ROOT / "tests" / "manifests"

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**70,
        1.5,
        "",
        "a",
        "{{a}}",
        "a" * 300,
        "é\n",
        [],
        [None],
        [[]],
        [{}],
        {},
        {"": None},
        {"a": []},
    ]
)


def objects(path: Path) -> Iterator[dict[str, Any]]:
    parsed = parse(path.read_bytes(), file=path.name, dialect="kubernetes")
    for document in () if errors(parsed.problems) else parsed.documents:
        plain = document.plain()
        if isinstance(plain, dict):
            yield plain


CASES = [
    one for rule in operators.RULES for path in sorted(MANIFESTS.glob(f"{rule.id}/*.yaml")) for one in objects(path)
]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@st.composite
def odd_objects(draw: Any) -> dict[str, Any]:
    """An object of the cases with up to four values that nobody would write."""
    body: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(CASES)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([one for one in places(body) if one and one not in (("apiVersion",), ("kind",))]))
        at(body, path[:-1])[path[-1]] = copy.deepcopy(draw(ODD))
    return body


def exists(body: Any, fault: Fault) -> bool:
    try:
        at(body, fault.path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


@settings(max_examples=300)
@given(odd_objects())
def test_no_rule_stumbles_and_every_place_exists(body: dict[str, Any]) -> None:
    for fault in operators.check(body):
        assert exists(body, fault), fault
        assert fault.message.isprintable()
        assert fault.rule in {rule.id for rule in operators.RULES}


@pytest.mark.proof
@settings(max_examples=20_000)
@given(odd_objects())
def test_many_odd_objects(body: dict[str, Any]) -> None:
    assert all(exists(body, fault) for fault in operators.check(body))


def test_each_rule_has_a_bad_and_a_good_case_and_says_where_it_is_from() -> None:
    for rule in operators.RULES:
        assert list(MANIFESTS.glob(f"{rule.id}/*.bad.yaml")), rule.id
        assert list(MANIFESTS.glob(f"{rule.id}/*.good.yaml")), rule.id
        assert rule.source, rule.id
        assert rule.why, rule.id


def test_each_rule_is_about_something() -> None:
    assert len({rule.id for rule in operators.RULES}) == len(operators.RULED)
    assert all(kinds for _, kinds in operators.RULED)


def test_what_upstream_publishes_passes() -> None:
    """Objects that the projects themselves ship as examples, and that their CRDs take."""
    paths = sound()
    if not paths:
        pytest.skip("../shared is not here: no upstream example was read")
    found = [
        f"{path.name}: {fault.message}"
        for path in paths
        for body in objects(path)
        for fault in operators.check(body)
        if fault.severity == "error"
    ]
    assert found == []
    assert len(paths) > 500


def test_a_kind_that_no_rule_is_about_costs_nothing() -> None:
    assert list(operators.check({"apiVersion": "acme.example/v1", "kind": "TFJob"})) == []
    assert named({}) not in operators.OPERATORS
