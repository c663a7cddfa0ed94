"""A rolling update that could replace no pod, or all that have no room."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, number_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="rolling-update",
    title="A rolling update that could not replace a pod",
    why="The API server refuses it. With neither a pod more nor a pod less than wanted, nothing can be replaced; a "
    "DaemonSet has either of the two, and one pod less is its default.",
    bad="rollingUpdate: {maxSurge: 0, maxUnavailable: 0}",
    good="rollingUpdate: {maxSurge: 1, maxUnavailable: 0}",
    source="kubernetes/pkg/apis/apps/validation: ValidateRollingUpdateDeployment, ValidateRollingUpdateDaemonSet, "
    "validateRollingUpdateStatefulSet; apps/v1 defaults",
)
SURGE, UNAVAILABLE = "maxSurge", "maxUnavailable"


def check(body: Body) -> Iterator[Fault]:
    """The strategy of a Deployment, DaemonSet or StatefulSet."""
    kind = named(body).rpartition(" ")[2]
    path: Path = ("spec", "strategy" if kind == "Deployment" else "updateStrategy", "rollingUpdate")
    update = map_at(body, *path)
    surge, unavailable = _share(update.get(SURGE)), _share(update.get(UNAVAILABLE))
    if (unavailable or 0) > 100 and isinstance(update[UNAVAILABLE], str):
        message = f"{code(update[UNAVAILABLE])} is more than all pods"
        yield Fault((*path, UNAVAILABLE), RULE.id, message, "write at most `100%`")
    if kind == "StatefulSet":
        if unavailable == 0:
            yield Fault((*path, UNAVAILABLE), RULE.id, "no pod could be replaced", "write 1 or more")
    elif surge == 0 and unavailable == 0:
        message = "with neither a pod more nor a pod less, none can be replaced"
        yield Fault(
            (*path, UNAVAILABLE), RULE.id, message, "raise one of the two: `maxSurge: 1` keeps all pods serving"
        )
    elif kind == "DaemonSet" and unavailable == 0 and SURGE not in update:
        message = "no pod could be replaced: a DaemonSet's `maxSurge` is 0 by default"
        yield Fault((*path, UNAVAILABLE), RULE.id, message, "add `maxSurge: 1`, or raise it")
    elif kind == "DaemonSet" and surge and unavailable != 0:
        message = "a DaemonSet has a pod more or a pod less, and `maxUnavailable` is 1 by default"
        yield Fault((*path, SURGE), RULE.id, message, "write `maxUnavailable: 0` beside it")


def check_progress(body: Body) -> Iterator[Fault]:
    """A Deployment's deadline to make progress, 600 seconds by default, against how long a pod has to be ready."""
    ready, deadline = number_at(body, "spec", "minReadySeconds"), number_at(body, "spec", "progressDeadlineSeconds")
    if ready and ready >= (600 if deadline is None else deadline):
        where = ("spec", "minReadySeconds" if deadline is None else "progressDeadlineSeconds")
        message = f"`minReadySeconds` is {ready}, and progress has to be made within {deadline or 600} seconds"
        yield Fault(where, RULE.id, message, "raise `progressDeadlineSeconds` above `minReadySeconds`")


def _share(value: Json) -> int | None:
    """A number of pods, or the percents of `25%`; None for what is neither."""
    if isinstance(value, str) and value.endswith("%") and value[:-1].isascii() and value[:-1].isdigit():
        return int(value[:9].rstrip("%"))
    return value if isinstance(value, int) and not isinstance(value, bool) else None
