"""A ScaledObject that KEDA refuses."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="scaled-object",
    title="A ScaledObject or ScaledJob that KEDA refuses",
    why="KEDA's webhook, or a rule of its CRD, refuses it, and nothing is scaled.",
    bad="minReplicaCount: 4\nmaxReplicaCount: 2",
    good="minReplicaCount: 2\nmaxReplicaCount: 4",
    source="keda v2.20, apis/keda/v1alpha1: CheckReplicaCountBoundsAreValid, CheckFallbackValid, ValidateTriggers; "
    "pkg/scalers: prometheus_scaler.go, cron_scaler.go, cpu_memory_scaler.go",
)
MOST = 100  # where nothing says how many
RESOURCES = ("cpu", "memory")
UNCACHED = (*RESOURCES, "cron")
NEEDED = {
    "prometheus": ("serverAddress", "query", "threshold"),
    "cron": ("timezone", "start", "end", "desiredReplicas"),
    "cpu": ("value",),
    "memory": ("value",),
}
FROM_ENV = "FromEnv"
FROM_SECRETS = "serverAddress"  # an authentication may say it


def check(body: Body) -> Iterator[Fault]:
    """Bounds, triggers and the fallback."""
    spec = map_at(body, "spec")
    if body.get("kind") == "ScaledObject":
        yield from _bounds(spec)
        yield from _fallback(spec)
    if spec.get("triggers") == []:
        yield Fault(("spec", "triggers"), RULE.id, "nothing says by what to scale", "add a trigger")
    names: set[str] = set()
    for path, trigger in maps_at(spec, "triggers"):
        name, kind = text_at(trigger, "name"), text_at(trigger, "type")
        if name and name in names:
            yield Fault(
                ("spec", *path, "name"), RULE.id, f"two triggers are called {code(name)}", "rename one of the two"
            )
        names.add(name)
        if trigger.get("useCachedMetrics") is True and kind in UNCACHED:
            where = ("spec", *path, "useCachedMetrics")
            yield Fault(where, RULE.id, f"a trigger of the type {code(kind)} caches nothing", "remove it")
        said = map_at(trigger, "metadata")
        for field in NEEDED.get(kind, ()):
            elsewhere = f"{field}{FROM_ENV}" in said or (field == FROM_SECRETS and "authenticationRef" in trigger)
            if not said.get(field) and not elsewhere:
                where = ("spec", *path, "metadata") if said else ("spec", *path)
                yield Fault(
                    where, RULE.id, f"a trigger of the type {code(kind)} needs {code(field)}", "add it, as text"
                )


def _bounds(spec: Body) -> Iterator[Fault]:
    least, most, idle = (number_at(spec, f"{word}ReplicaCount") for word in ("min", "max", "idle"))
    if least is not None and least > (MOST if most is None else most):
        said = f"at most {most}" if most is not None else f"at most {MOST}, where nothing says how many,"
        message = f"at least {least} and {said} replicas cannot be"
        yield Fault(("spec", "minReplicaCount"), RULE.id, message, "lower it, or raise `maxReplicaCount`")
    # The webhook counts a minimum of 0 as 1 here, and none as 0.
    if idle is not None and idle >= (0 if least is None else max(least, 1)):
        message = f"the idle number of replicas, {idle}, is to be below `minReplicaCount`"
        yield Fault(
            ("spec", "idleReplicaCount"), RULE.id, message, "write `idleReplicaCount: 0`, and a minimum of at least 1"
        )


def _fallback(spec: Body) -> Iterator[Fault]:
    fallback, modifiers = map_at(spec, "fallback"), map_at(spec, "advanced", "scalingModifiers")
    triggers = [trigger for _, trigger in maps_at(spec, "triggers")]
    sound = any(
        trigger.get("type") not in RESOURCES and trigger.get("metricType", "AverageValue") == "AverageValue"
        for trigger in triggers
    )
    if fallback and not modifiers and list_at(spec, "triggers") and not sound:
        message = "`fallback` needs a trigger of the metric type `AverageValue` that is not `cpu` or `memory`"
        yield Fault(("spec", "fallback"), RULE.id, message, "remove it, or add such a trigger")
