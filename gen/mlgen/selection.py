"""A label selector and labels -> why the one does not select the other."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, map_at, maps_at, text_at


class Miss(NamedTuple):
    """A condition that labels do not meet: the ``key`` it is about, and what it ``wants``."""

    key: str
    wants: str


def misses(selector: Body, labels: Body) -> Iterator[Miss]:
    """Yield each condition of ``selector`` that ``labels`` do not meet. What has an odd shape is passed over.

    Source: apimachinery/pkg/labels/selector.go.
    """
    for key, value in map_at(selector, "matchLabels").items():
        if key not in labels or labels[key] != ("" if value is None else value):
            yield Miss(key, f"`{key}: {value}`")
    for _, one in maps_at(selector, "matchExpressions"):
        key, operator, values = text_at(one, "key"), one.get("operator"), one.get("values")
        named = values if isinstance(values, list) else []
        listed = ", ".join(str(value) for value in named)
        has, is_in = key in labels, key in labels and labels[key] in named
        wrong = {
            "In": (not is_in, f"`{key}` to be one of {listed}"),
            "NotIn": (is_in, f"`{key}` to be none of {listed}"),
            "Exists": (not has, f"a label `{key}`"),
            "DoesNotExist": (has, f"no label `{key}`"),
        }.get(operator if isinstance(operator, str) else "")
        if wrong is not None and wrong[0]:
            yield Miss(key, wrong[1])
