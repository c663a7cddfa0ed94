"""What Kubernetes takes for the same, and where two values part."""

import pytest

from mlgen.node import Json
from mlgen.sameness import changed, same


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"a": None, "b": []}, {}, True),
        ({"requests": {"cpu": 1}}, {"requests": {"cpu": "1000m"}}, True),
        ({"data": {"cpu": "1"}}, {"data": {"cpu": "1000m"}}, False),
        ({"a": True}, {"a": 1}, False),
        ([1, 2], [2, 1], False),
        ({"a": ""}, {"a": None}, True),
        ({"a": False}, {}, False),
    ],
)
def test_absent_is_empty_and_amounts_are_numbers(one: Json, other: Json, alike: bool) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


def test_the_place_is_the_innermost_that_changed() -> None:
    before: dict[str, Json] = {"spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b"}]}}
    after: dict[str, Json] = {"spec": {"containers": [{"name": "a", "image": "x:2"}, {"name": "b"}]}}
    place = changed(after, ("spec",), before["spec"], after["spec"])
    assert place == ("spec", "containers", 0, "image")


def test_the_place_of_what_is_gone_is_the_map_that_lacks_it() -> None:
    before: dict[str, Json] = {"spec": {"selector": {"a": "b"}, "x": 1}}
    after: dict[str, Json] = {"spec": {"x": 1}}
    assert changed(after, ("spec", "selector"), {"a": "b"}, None) == ("spec",)
    assert changed(after, ("spec",), before["spec"], after["spec"]) == ("spec",)
