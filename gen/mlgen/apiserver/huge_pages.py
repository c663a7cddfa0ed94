"""Huge pages that a container cannot have."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="huge-pages",
    title="Huge pages without cpu or memory, or not in whole pages",
    why="The API server refuses the pod: huge pages alone give it no quality of service, and half a page does not "
    "exist.",
    bad="limits: {hugepages-2Mi: 3Mi, memory: 1Gi}",
    good="limits: {hugepages-2Mi: 4Mi, memory: 1Gi}",
    source="kubernetes/pkg/apis/core/validation: ValidateContainerResourceRequirements, "
    "validateResourceQuantityHugePageValue",
)
PREFIX = "hugepages-"


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Amounts of huge pages, and what stands beside them."""
    resources = map_at(container, "resources")
    found = [
        (sort, name) for sort in ("requests", "limits") for name in map_at(resources, sort) if name.startswith(PREFIX)
    ]
    for sort, name in found:
        page, amount = quantity(name.removeprefix(PREFIX)), quantity(map_at(resources, sort)[name])
        if page and amount is not None and amount % page:
            message = (
                f"{code(map_at(resources, sort)[name])} is no whole number of pages of {name.removeprefix(PREFIX)}"
            )
            hint = f"ask for a multiple of {name.removeprefix(PREFIX)}"
            yield Fault((*path, "resources", sort, name), RULE.id, message, hint)
    if found and not any(
        name in map_at(resources, sort) for sort in ("requests", "limits") for name in ("cpu", "memory")
    ):
        message = "huge pages are asked for, and neither cpu nor memory"
        yield Fault((*path, "resources"), RULE.id, message, "ask for memory or cpu too")
