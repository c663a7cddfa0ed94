"""A Ray cluster that its operator refuses, whatever has it."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="ray-cluster",
    title="A Ray cluster that KubeRay refuses",
    why="The operator says so in an event, and makes no pod.",
    bad="workerGroupSpecs: [{groupName: gpu, minReplicas: 4, maxReplicas: 2, ...}]",
    good="workerGroupSpecs: [{groupName: gpu, minReplicas: 2, maxReplicas: 4, ...}]",
    source="kuberay v1.7, ray-operator/controllers/ray/utils/validation.go: ValidateRayClusterSpec; "
    "ray-operator/pkg/webhooks/v1: duplicate group names",
)
PATHS: Mapping[str, Path] = {
    "ray.io/v1 RayCluster": ("spec",),
    "ray.io/v1 RayJob": ("spec", "rayClusterSpec"),
    "ray.io/v1 RayService": ("spec", "rayClusterConfig"),
    "ray.io/v1 RayCronJob": ("spec", "jobTemplate", "rayClusterSpec"),
}
STARTED = ("num-cpus", "num-gpus", "memory", "resources")
TOLERANT = "ray.io/ft-enabled"


def check(body: Body) -> Iterator[Fault]:
    """The head, and each group of workers."""
    path = PATHS[named(body)]
    spec = map_at(body, *path)
    head = map_at(spec, "headGroupSpec")
    yield from _group(head, (*path, "headGroupSpec"))
    yield from _redis(body, spec, path)
    names: set[str] = set()
    grows = spec.get("enableInTreeAutoscaling") is True
    for where, group in maps_at(spec, "workerGroupSpecs"):
        place, name = (*path, *where), text_at(group, "groupName")
        if name and name in names:
            yield Fault((*place, "groupName"), RULE.id, f"two groups are called {code(name)}", "rename one of the two")
        names.add(name)
        yield from _group(group, place)
        yield from _workers(group, place)
        if grows and group.get("suspend") is True:
            message = "a group cannot be suspended in a cluster that scales itself"
            yield Fault((*place, "suspend"), RULE.id, message, "remove it, or `enableInTreeAutoscaling`")


def _group(group: Body, path: Path) -> Iterator[Fault]:
    started = map_at(group, "rayStartParams")
    twice = [name for name in STARTED if started.get(name)]
    if twice and map_at(group, "resources"):
        message = f"`resources` of the group says what {code(twice[0])} of `rayStartParams` says too"
        yield Fault((*path, "rayStartParams", twice[0]), RULE.id, message, "keep one of the two")
    if "labels" in started:
        where = (*path, "rayStartParams", "labels")
        yield Fault(where, RULE.id, "labels are no start parameter for KubeRay", "write them as the group's `labels`")
    for word in ("redis-username",):
        if started.get(word):
            message = f"KubeRay refuses {code(word)} here"
            yield Fault((*path, "rayStartParams", word), RULE.id, message, "write it under `gcsFaultToleranceOptions`")


def _workers(group: Body, path: Path) -> Iterator[Fault]:
    least, most, count = (number_at(group, field) for field in ("minReplicas", "maxReplicas", "replicas"))
    if least is not None and most is not None and least > most:
        message = f"at least {least} and at most {most} workers cannot be"
        yield Fault((*path, "minReplicas"), RULE.id, message, "lower it, or raise `maxReplicas`")
    elif count is not None and ((least is not None and count < least) or (most is not None and count > most)):
        message = f"{count} workers are not within {code(least)} and {code(most)}: the operator takes the nearer bound"
        yield Fault((*path, "replicas"), RULE.id, message, "change it, or the bounds", "warning")


def _redis(body: Body, spec: Body, path: Path) -> Iterator[Fault]:
    options, head = map_at(spec, "gcsFaultToleranceOptions"), (*path, "headGroupSpec")
    containers = list_at(spec, "headGroupSpec", "template", "spec", "containers")
    variables = {text_at(one, "name") for _, one in maps_at(containers[0], "env")} if containers else set()
    notes = map_at(body, "metadata", "annotations")
    where = (*head, "template", "spec", "containers", 0, "env")
    if options and notes.get(TOLERANT):
        message = f"`gcsFaultToleranceOptions` says what {code(TOLERANT)} says too"
        yield Fault(("metadata", "annotations", TOLERANT), RULE.id, message, "remove the annotation")
    for name in ("REDIS_PASSWORD", "RAY_REDIS_ADDRESS") if options else ():
        if name in variables:
            yield Fault(
                where, RULE.id, f"{code(name)} cannot stand beside `gcsFaultToleranceOptions`", "write it there"
            )
    if not options and notes.get(TOLERANT) != "true" and "RAY_REDIS_ADDRESS" in variables:
        message = "`RAY_REDIS_ADDRESS` makes the cluster outlive its head, and nothing else says so"
        yield Fault(where, RULE.id, message, "write `gcsFaultToleranceOptions: {redisAddress: ...}`")
