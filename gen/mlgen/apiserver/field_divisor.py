"""A resource that a container reads in a unit it does not come in."""

from collections.abc import Iterator
from fractions import Fraction

from mlgen.amount import SUFFIXES, quantity
from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="field-divisor",
    title="A resource is divided by what it does not come in",
    why="The API server refuses the pod: cpu is read in cores or in thousandths, memory and storage in bytes or one of "
    "their units.",
    bad="resourceFieldRef: {resource: limits.memory, divisor: 1m}",
    good="resourceFieldRef: {resource: limits.memory, divisor: 1Mi}",
    source="kubernetes/pkg/apis/core/validation: validateContainerResourceDivisor",
)
CPU = (Fraction(1), Fraction(1, 1000))
BYTES = (Fraction(1), *(factor for unit, factor in SUFFIXES.items() if factor > 1))
UNITS = {"cpu": (CPU, "`1` or `1m`")}
OF_BYTES = (BYTES, "`1`, `1k`, `1M`, `1Mi` or another unit of bytes")


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """What environment variables read."""
    for where, variable in maps_at(container, "env"):
        if "valueFrom" in variable:
            inner = ("valueFrom", "resourceFieldRef")
            yield from _divided((*path, *where, *inner), map_at(variable, *inner))


def check_pod(pod: Pod) -> Iterator[Fault]:
    """What volumes of the downward API read."""
    for where, volume in maps_at(pod.spec, "volumes"):
        if "downwardAPI" in volume:
            for inner, item in maps_at(volume, "downwardAPI", "items"):
                place = (*pod.path, *where, *inner, "resourceFieldRef")
                yield from _divided(place, map_at(item, "resourceFieldRef"))


def _divided(path: Path, reference: Body) -> Iterator[Fault]:
    divisor, resource = quantity(reference.get("divisor")), text_at(reference, "resource")
    if divisor and resource:
        allowed, units = UNITS.get(resource.partition(".")[2], OF_BYTES)
        if divisor not in allowed:
            message = f"{code(resource)} cannot be divided by {code(reference['divisor'])}"
            yield Fault((*path, "divisor"), RULE.id, message, f"write {units}")
