"""Data that was said to be immutable."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="immutable-data",
    title="A ConfigMap or Secret that was immutable is changed",
    why="The API server refuses the update: `immutable: true` is for ever, so that nodes need not watch it.",
    bad="immutable: true, and another value",
    good="a ConfigMap of another name, named by its content",
    source="kubernetes/pkg/apis/core/validation: ValidateConfigMapUpdate, ValidateSecretUpdate; KEP-1412",
)
HINT = "make another one, of another name"
FIELDS = ("data", "binaryData", "stringData")


def check(before: Body, after: Body) -> Iterator[Fault]:
    """The data and the mark itself. No message says a value."""
    if before.get("immutable") is not True:
        return
    kind = named(after).rpartition(" ")[2]
    if after.get("immutable") is not True:
        mark = ("immutable",) if "immutable" in after else ()
        yield Fault(mark, RULE.id, f"an immutable {kind} stays immutable", HINT)
    for field in FIELDS:
        old, new = map_at(before, field), map_at(after, field)
        for key in {**new, **old}:
            if old.get(key) != new.get(key) or (key in old) != (key in new):
                where: Path = (field, key) if key in new else (field,) if field in after else ()
                yield Fault(where, RULE.id, f"{code(key)} of an immutable {kind} cannot be changed", HINT)
