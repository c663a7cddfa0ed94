"""An object that two controllers own."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="two-controllers",
    title="An object has two controllers",
    why="The API server refuses it: two controllers would undo one another's work.",
    bad="ownerReferences: [{name: a, controller: true, ...}, {name: b, controller: true, ...}]",
    good="ownerReferences: [{name: a, controller: true, ...}, {name: b, ...}]",
    source="apimachinery/pkg/api/validation: ValidateOwnerReferences",
)


def check(body: Body) -> Iterator[Fault]:
    """The owner references."""
    if "ownerReferences" not in map_at(body, "metadata"):
        return
    first = None
    for where, owner in maps_at(body, "metadata", "ownerReferences"):
        if owner.get("controller") is True:
            if first is not None:
                message = f"{code(first)} controls the object already"
                yield Fault((*where, "controller"), RULE.id, message, "one of the two is an owner only")
            else:
                first = owner.get("name")
