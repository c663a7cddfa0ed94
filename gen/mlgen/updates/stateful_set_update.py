"""What a StatefulSet cannot change: all but a few fields."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.sameness import changed, same

RULE = Rule(
    id="stateful-set-update",
    title="A StatefulSet changes what it keeps for ever",
    why="The API server refuses the update, and a GitOps controller tries it again for ever. Only replicas, the pod's "
    "template, how it is updated and what becomes of claims can be changed; not the claims, the selector or the "
    "Service.",
    bad="volumeClaimTemplates before: 10Gi, after: 20Gi",
    good="the claims enlarged by themselves; the StatefulSet deleted with `--cascade=orphan` and made anew",
    source="kubernetes/pkg/apis/apps/validation: ValidateStatefulSetUpdate",
)
FREE = (
    "replicas ordinals template updateStrategy persistentVolumeClaimRetentionPolicy minReadySeconds "
    "revisionHistoryLimit"
).split()
DEFAULTS: dict[str, Json] = {"podManagementPolicy": "OrderedReady"}
HINT = "delete the StatefulSet with `--cascade=orphan`, which keeps its pods and claims, and make it anew"
CLAIMS = "volumeClaimTemplates"


def check(before: Body, after: Body) -> Iterator[Fault]:
    """Every field of the spec that is not free to change."""
    old, new = map_at(before, "spec"), map_at(after, "spec")
    for field in {**old, **new}:
        was, now = (one.get(field, DEFAULTS.get(field)) for one in (old, new))
        if field == CLAIMS:
            was, now = _claims(was), _claims(now)
        if field not in FREE and not same(was, now):
            where = changed(after, ("spec", field), was, now)
            yield Fault(where, RULE.id, f"a StatefulSet cannot change {code(field)}", HINT)


def _claims(value: Json) -> Json:
    """The templates of claims, with what the API server adds to each that does not say it."""
    if not isinstance(value, list):
        return value
    found: list[Json] = []
    for claim in value:
        spec = map_at(claim, "spec")
        if isinstance(claim, dict):
            said = {key: one for key, one in claim.items() if key not in ("apiVersion", "kind", "status")}
            found.append({**said, "spec": {"volumeMode": "Filesystem", **spec}})
        else:
            found.append(claim)
    return found
