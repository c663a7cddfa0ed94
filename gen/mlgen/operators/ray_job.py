"""A RayJob or RayService that its operator refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="ray-job",
    title="A RayJob or RayService that KubeRay refuses",
    why="The operator says so in an event and in the status, and starts nothing.",
    bad="ttlSecondsAfterFinished: 600\nshutdownAfterJobFinishes: false",
    good="ttlSecondsAfterFinished: 600\nshutdownAfterJobFinishes: true",
    source="kuberay v1.7, ray-operator/controllers/ray/utils/validation.go: ValidateRayJobSpec, ValidateRayServiceSpec",
)
SELECTED = "ray.io/cluster"
INTERACTIVE, SIDECAR = "InteractiveMode", "SidecarMode"
UPGRADES = ("NewCluster", "None", "NewClusterWithIncrementalUpgrade")


def check(body: Body) -> Iterator[Fault]:
    """The run, in whatever has it."""
    if body.get("kind") == "RayService":
        yield from _service(map_at(body, "spec"))
        return
    path: Path = ("spec", "jobTemplate") if body.get("kind") == "RayCronJob" else ("spec",)
    spec = map_at(body, *path)
    if not spec:
        return
    yield from _end(spec, path)
    yield from _cluster(spec, path)
    yield from _mode(spec, path)
    for field, least in (("activeDeadlineSeconds", 1), ("backoffLimit", 0), ("ttlSecondsAfterFinished", 0)):
        value = number_at(spec, field)
        if value is not None and value < least:
            yield Fault((*path, field), RULE.id, f"{code(field)} cannot be {value}", f"write {least} or more")


def _end(spec: Body, path: Path) -> Iterator[Fault]:
    ends, ttl = spec.get("shutdownAfterJobFinishes") is True, number_at(spec, "ttlSecondsAfterFinished")
    if not ends and ttl is not None and ttl > 0:
        message = "`ttlSecondsAfterFinished` is for a cluster that is shut down after the run"
        yield Fault((*path, "ttlSecondsAfterFinished"), RULE.id, message, "write `shutdownAfterJobFinishes: true`")
    if not ends and spec.get("suspend") is True:
        message = "a run whose cluster stays cannot be suspended"
        yield Fault((*path, "suspend"), RULE.id, message, "write `shutdownAfterJobFinishes: true`")
    rules = map_at(spec, "deletionStrategy").get("deletionRules")
    if ends and rules:
        message = "`deletionRules` and `shutdownAfterJobFinishes` both say what is deleted"
        yield Fault((*path, "shutdownAfterJobFinishes"), RULE.id, message, "keep one of the two")


def _cluster(spec: Body, path: Path) -> Iterator[Fault]:
    selector = map_at(spec, "clusterSelector")
    if not selector and not map_at(spec, "rayClusterSpec"):
        yield Fault(path, RULE.id, "nothing says on which cluster to run", "add `rayClusterSpec` or `clusterSelector`")
    if selector and not selector.get(SELECTED):
        message = f"`clusterSelector` names no cluster: it is read at {code(SELECTED)}"
        yield Fault((*path, "clusterSelector"), RULE.id, message, f"write `{SELECTED}: NAME`")
    if selector and spec.get("suspend") is True:
        yield Fault((*path, "suspend"), RULE.id, "a run on a cluster that is there cannot be suspended", "remove it")


def _mode(spec: Body, path: Path) -> Iterator[Fault]:
    mode, limit = text_at(spec, "submissionMode"), number_at(spec, "backoffLimit")
    if mode == INTERACTIVE and limit:
        yield Fault(
            (*path, "backoffLimit"), RULE.id, f"the mode {code(mode)} cannot try again", "write `backoffLimit: 0`"
        )
    if mode == SIDECAR:
        for field in ("submitterPodTemplate", "submitterConfig", "clusterSelector"):
            if spec.get(field):
                yield Fault((*path, field), RULE.id, f"the mode {code(mode)} has no use for {code(field)}", "remove it")
        restart = text_at(spec, "rayClusterSpec", "headGroupSpec", "template", "spec", "restartPolicy")
        if restart not in ("", "Never"):
            where = (*path, "rayClusterSpec", "headGroupSpec", "template", "spec", "restartPolicy")
            yield Fault(where, RULE.id, f"in the mode {code(mode)} the head does not restart", "write `Never`")
    elif mode not in (INTERACTIVE, "HTTPMode", "K8sJobMode") and not spec.get("entrypoint"):
        yield Fault(path, RULE.id, "nothing says what to run", "add `entrypoint: python -m churn.tune`", "warning")


def _service(spec: Body) -> Iterator[Fault]:
    where: Path = ("spec", "rayClusterConfig", "headGroupSpec", "headService", "metadata", "name")
    if text_at({"spec": spec}, *where):
        yield Fault(where, RULE.id, "the operator names the head's Service itself", "remove the name")
    kind = text_at(spec, "upgradeStrategy", "type")
    if kind and kind not in UPGRADES:
        message = f"a service is not upgraded by {code(kind)}"
        yield Fault(("spec", "upgradeStrategy", "type"), RULE.id, message, did_you_mean(kind, UPGRADES))
    delay = number_at(spec, "rayClusterDeletionDelaySeconds")
    if delay is not None and delay < 0:
        yield Fault(
            ("spec", "rayClusterDeletionDelaySeconds"), RULE.id, f"a delay cannot be {delay}", "write 0 or more"
        )
