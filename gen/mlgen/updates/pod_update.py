"""What a Pod cannot change: all but its images."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, number_at
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.sameness import changed, same

RULE = Rule(
    id="pod-update",
    title="A Pod changes more than its images",
    why="The API server refuses the update. Of a pod's spec only images, a shorter deadline, more tolerations and "
    "fewer scheduling gates can change; controllers replace pods instead.",
    bad="command before: [serve], after: [serve, --debug]",
    good="a Deployment, which makes new pods",
    source="kubernetes/pkg/apis/core/validation: ValidatePodUpdate",
)
HINT = "delete the pod and make it anew, or let a Deployment make it"
CHECKED = ("tolerations", "activeDeadlineSeconds", "schedulingGates")
DEADLINE = "activeDeadlineSeconds"


def check(before: Body, after: Body) -> Iterator[Fault]:
    """The spec, without what can change."""
    old, new = map_at(before, "spec"), map_at(after, "spec")
    for field in {**old, **new}:
        was, now = _without_image(old.get(field)), _without_image(new.get(field))
        if field not in CHECKED and not same(was, now):
            where = changed(after, ("spec", field), was, now)
            yield Fault(where, RULE.id, f"a Pod cannot change {code(field)}", HINT)
    kept = [{**one, "tolerationSeconds": None} for one in list_at(new, "tolerations") if isinstance(one, dict)]
    for one in list_at(old, "tolerations"):
        if isinstance(one, dict) and not any(same({**one, "tolerationSeconds": None}, other) for other in kept):
            place = ("spec", "tolerations") if "tolerations" in new else ("spec",)
            yield Fault(place, RULE.id, "a Pod cannot lose a toleration", "keep it, and add others")
            break
    was, now = number_at(old, DEADLINE), number_at(new, DEADLINE)
    if was is not None and (now is None or now > was):
        place = ("spec", DEADLINE) if now is not None else ("spec",)
        yield Fault(place, RULE.id, f"a Pod's deadline of {was} seconds can only be shortened", HINT)


def _without_image(value: Json) -> Json:
    """Containers without their images; anything else as it is."""
    if not isinstance(value, list):
        return value
    return [{**one, "image": None} if isinstance(one, dict) and "image" in one else one for one in value]
