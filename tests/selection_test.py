"""Labels that a selector does not select, and why."""

import pytest

from mlgen.node import Json
from mlgen.selection import misses

LABELS: dict[str, Json] = {"app": "serve", "tier": ""}


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"matchLabels": {"app": "serve", "tier": None}},
        {"matchExpressions": [{"key": "app", "operator": "In", "values": ["train", "serve"]}]},
        {"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["a"]}]},
        {"matchExpressions": [{"key": "app", "operator": "Exists"}, {"key": "none", "operator": "DoesNotExist"}]},
        {"matchLabels": [], "matchExpressions": [None, {"key": [], "operator": {}}]},
    ],
)
def test_what_is_selected_misses_nothing(selector: dict[str, Json]) -> None:
    assert list(misses(selector, LABELS)) == []


@pytest.mark.parametrize(
    ("selector", "wants"),
    [
        ({"matchLabels": {"app": "train"}}, "`app: train`"),
        ({"matchLabels": {"none": ""}}, "`none: `"),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}, "`app` to be one of a, b"),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["serve"]}]}, "`app` to be none of serve"),
        ({"matchExpressions": [{"key": "none", "operator": "Exists"}]}, "a label `none`"),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, "no label `app`"),
    ],
)
def test_each_condition_that_is_not_met_is_said(selector: dict[str, Json], wants: str) -> None:
    (miss,) = misses(selector, LABELS)
    assert miss.wants == wants
