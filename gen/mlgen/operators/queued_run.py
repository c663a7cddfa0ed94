"""A run with a queue's label that Kueue refuses."""

from collections.abc import Iterator

from mlgen.body import Body, at, list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.label import SUBDOMAIN
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="queued-run",
    title="A run in a queue that Kueue refuses",
    why="Kueue starts a run when its resources are free, and refuses one whose resources could change later, or would "
    "stay after it is done.",
    bad="metadata: {labels: {kueue.x-k8s.io/queue-name: ml}}\nspec: {shutdownAfterJobFinishes: false}",
    good="metadata: {labels: {kueue.x-k8s.io/queue-name: ml}}\nspec: {shutdownAfterJobFinishes: true}",
    source="kueue v0.19, pkg/controller/jobs/{rayjob,raycluster,sparkapplication}: ValidateCreate, "
    "pkg/controller/jobframework/validation.go",
)
QUEUE = "kueue.x-k8s.io/queue-name"
ELASTIC = "kueue.x-k8s.io/elastic-job"
MOST_GROUPS = 7
RAY_SPECS = {
    "ray.io/v1 RayJob": ("spec", "rayClusterSpec"),
    "ray.io/v1 RayCluster": ("spec",),
    "ray.io/v1 RayService": ("spec", "rayClusterConfig"),
}
KINDS = (
    *RAY_SPECS,
    "sparkoperator.k8s.io/v1beta2 SparkApplication",
    "batch/v1 Job",
    "jobset.x-k8s.io/v1alpha2 JobSet",
    "trainer.kubeflow.org/v1alpha1 TrainJob",
    *(f"kubeflow.org/v1 {kind}" for kind in ("TFJob", "PyTorchJob", "MPIJob", "XGBoostJob", "PaddleJob", "JAXJob")),
)


def check(body: Body) -> Iterator[Fault]:
    """What has the label; the older annotation counts for nothing."""
    kind, labels = named(body), map_at(body, "metadata", "labels")
    if QUEUE in map_at(body, "metadata", "annotations") and QUEUE not in labels:
        message = f"{code(QUEUE)} is a label: as an annotation nobody reads it"
        yield Fault(("metadata", "annotations", QUEUE), RULE.id, message, "move it to `labels`")
    queue = labels.get(QUEUE)
    if not isinstance(queue, str) or not queue:
        return
    if not SUBDOMAIN.fullmatch(queue):
        message = f"{code(queue)} is no name of a queue"
        yield Fault(("metadata", "labels", QUEUE), RULE.id, message, "write lower-case letters, digits and dashes")
    if kind.endswith("SparkApplication") and at(body, "spec", "dynamicAllocation", "enabled") is True:
        message = "Kueue refuses an application whose executors come and go"
        mend = "remove `dynamicAllocation`, and say `executor: {instances: ...}`"
        yield Fault(("spec", "dynamicAllocation", "enabled"), RULE.id, message, mend)
    if kind in RAY_SPECS:
        yield from _ray(body, kind, RAY_SPECS[kind])


def _ray(body: Body, kind: str, path: Path) -> Iterator[Fault]:
    spec, cluster = map_at(body, "spec"), map_at(body, *path)
    if kind.endswith("RayJob"):
        if spec.get("clusterSelector") and cluster:
            message = "Kueue refuses a run on a cluster that is there already"
            yield Fault(("spec", "clusterSelector"), RULE.id, message, "remove it")
        elif not spec.get("clusterSelector") and spec.get("shutdownAfterJobFinishes") is not True:
            where = ("spec", "shutdownAfterJobFinishes") if "shutdownAfterJobFinishes" in spec else ("spec",)
            message = "the cluster would keep the queue's resources after the run"
            yield Fault(where, RULE.id, message, "write `shutdownAfterJobFinishes: true`")
    elastic = text_at(body, "metadata", "annotations", ELASTIC) == "true"
    if cluster.get("enableInTreeAutoscaling") is True and not elastic:
        message = "Kueue refuses a cluster that grows and shrinks by itself"
        yield Fault((*path, "enableInTreeAutoscaling"), RULE.id, message, "remove it")
    groups = list_at(cluster, "workerGroupSpecs")
    if len(groups) > MOST_GROUPS:
        message = f"Kueue takes {MOST_GROUPS} groups of workers, and there are {len(groups)}"
        yield Fault((*path, "workerGroupSpecs"), RULE.id, message, "join some of them")
