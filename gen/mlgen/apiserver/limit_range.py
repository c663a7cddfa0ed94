"""The limits of a namespace that contradict one another."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, map_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="limit-range",
    title="The limits of a namespace contradict one another",
    why="The API server refuses the LimitRange. What is asked for by default, what is the limit by default and what is "
    "allowed at all are in this order, from `min` to `max`.",
    bad="- {type: Container, max: {memory: 64Gi}, default: {memory: 128Gi}}",
    good="- {type: Container, max: {memory: 64Gi}, default: {memory: 32Gi}}",
    source="kubernetes/pkg/apis/core/validation: ValidateLimitRange",
)
WORDS = {
    "min": "the minimum",
    "defaultRequest": "the default request",
    "default": "the default limit",
    "max": "the maximum",
}
RATIO = "maxLimitRequestRatio"


def check(body: Body) -> Iterator[Fault]:
    """Each item, and that no type has two."""
    types: list[object] = []
    for where, item in maps_at(body, "spec", "limits"):
        sort = item.get("type")
        if sort is not None and sort in types:
            yield Fault((*where, "type"), RULE.id, f"{code(sort)} has limits already", "join the two items")
        types.append(sort)
        yield from _ordered(where, item)
        yield from _ratio(where, item)


def _ordered(path: Path, item: Body) -> Iterator[Fault]:
    fields = [field for field in WORDS if field in item and not (item.get("type") == "Pod" and "default" in field)]
    for name in dict.fromkeys(name for field in fields for name in map_at(item, field)):
        lower: list[tuple[str, object]] = []
        for field in fields:
            said = map_at(item, field).get(name)
            amount = quantity(said)
            if amount is None:
                continue
            for other, less in lower:
                least = quantity(map_at(item, other)[name])
                if least is not None and least > amount:
                    # Of a minimum and a default the default is at fault, else the one that is too large.
                    guilty = field if other == "min" and field != "max" else other
                    message = f"{WORDS[other]} of {code(name)}, {code(less)}, is above {WORDS[field]}, {code(said)}"
                    yield Fault((*path, guilty, name), RULE.id, message, "lower the one or raise the other")
                elif _never_shared(name) and {field, other} == {"default", "defaultRequest"} and least != amount:
                    message = f"{code(name)} cannot be overcommitted, and its two defaults differ"
                    yield Fault((*path, "defaultRequest", name), RULE.id, message, "make them equal")
            lower.append((field, said))


def _ratio(path: Path, item: Body) -> Iterator[Fault]:
    for name, said in map_at(item, RATIO).items():
        ratio, least, most = (
            quantity(found) for found in (said, map_at(item, "min").get(name), map_at(item, "max").get(name))
        )
        if ratio is not None and ratio < 1:
            yield Fault(
                (*path, RATIO, name), RULE.id, f"{code(said)} is less than 1", "a limit is never below the request"
            )
        elif ratio is not None and least and most is not None and ratio > most / least:
            message = f"{code(said)} is more than the maximum divided by the minimum"
            yield Fault((*path, RATIO, name), RULE.id, message, "lower it")


def _never_shared(name: str) -> bool:
    return name.startswith("hugepages-") or ("/" in name and "kubernetes.io/" not in name)
