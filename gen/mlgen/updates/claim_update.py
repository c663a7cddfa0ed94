"""What a PersistentVolumeClaim cannot change: all but a larger size."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, at, map_at
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.sameness import changed, same

RULE = Rule(
    id="claim-update",
    title="A PersistentVolumeClaim changes more than its size, or becomes smaller",
    why="The API server refuses the update. A claim may ask for more storage and for another class of attributes, and "
    "nothing else: its volume is there.",
    bad="storage before: 100Gi, after: 50Gi",
    good="storage before: 100Gi, after: 200Gi",
    source="kubernetes/pkg/apis/core/validation: ValidatePersistentVolumeClaimUpdate",
)
SIZE = ("spec", "resources", "requests", "storage")
ATTRIBUTES = "volumeAttributesClassName"
ONCE = ("volumeName", "storageClassName")  # may be said later, and then stay
DEFAULTS: dict[str, Json] = {"volumeMode": "Filesystem"}
HINT = "make another claim and copy the data"


def check(before: Body, after: Body) -> Iterator[Fault]:
    """The spec of a claim."""
    old, new = map_at(before, "spec"), map_at(after, "spec")
    for field in {**old, **new}:
        was, now = (one.get(field, DEFAULTS.get(field)) for one in (old, new))
        if field == "resources":
            was, now = _without_size(was), _without_size(now)
        if field == ATTRIBUTES or (field in ONCE and (was is None or (field == "volumeName" and now is None))):
            continue
        if not same(was, now):
            where = changed(after, ("spec", field), was, now)
            yield Fault(where, RULE.id, f"a claim cannot change {code(field)}", HINT)
    small, large = quantity(at(after, *SIZE)), quantity(at(before, *SIZE))
    if small is not None and large is not None and small < large:
        message = f"a claim cannot become smaller: it was {code(at(before, *SIZE))}"
        yield Fault(SIZE, RULE.id, message, HINT)
    if old.get(ATTRIBUTES) and not new.get(ATTRIBUTES):
        place = ("spec", ATTRIBUTES) if ATTRIBUTES in new else ("spec",)
        yield Fault(place, RULE.id, f"a claim cannot lose its {code(ATTRIBUTES)}", "keep it, or name another")


def _without_size(value: Json) -> Json:
    """Resources without the storage that is asked for, which may grow."""
    if not isinstance(value, dict):
        return value
    asked = {key: one for key, one in map_at(value, "requests").items() if key != "storage"}
    return {**value, "requests": asked}
