"""A name that leaves no room for what is added to it."""

from collections.abc import Callable, Iterator, Mapping

from mlgen.body import Body, map_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.pods import named
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="name-too-long",
    title="An object's name is longer than Kubernetes allows for its kind",
    why="The API server refuses it, or the pods that carry the name in a label or as their host name.",
    bad="workloads:\n  compute-the-features-of-every-single-drive: ...",
    good="workloads:\n  features: ...",
    source="kubernetes/pkg/apis/batch/validation (host names of indexed pods: 63), apimachinery validation (labels and "
    "DNS labels: 63), statefulset pod label controller-revision-hash (52), kuberay: constants of "
    "ray-operator/controllers/ray/utils (53, 47, 36); katib 0.19, validator.go (40)",
)
LABEL = 63
# A CronJob's Jobs add 11 characters; a StatefulSet's pods carry its name and a hash in one label, and Kubeflow makes a
# StatefulSet of a Notebook's name; Spark's operator calls a Service `<name>-ui-svc`, and adds the time in 20 characters
# to the name of what runs on a schedule; Ray's adds hashes to the names of what it makes, and Katib the algorithm.
LIMITS: Mapping[str, int] = {
    "sparkoperator.k8s.io/v1beta2 SparkApplication": 56,
    "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication": 36,
    "batch/v1 CronJob": 52,
    "apps/v1 StatefulSet": 52,
    "kubeflow.org/v1 Notebook": 52,
    "ray.io/v1 RayJob": 47,
    "ray.io/v1 RayService": 47,
    "ray.io/v1 RayCronJob": 36,
    "ray.io/v1 RayCluster": 53,
    "spark.apache.org/v1 SparkApplication": LABEL,  # of every pod
    "argoproj.io/v1alpha1 CronWorkflow": 52,
    "batch/v1 Job": LABEL,
    "trainer.kubeflow.org/v1alpha1 TrainJob": LABEL,
    "kubeflow.org/v1beta1 Experiment": 40,
    "v1 Service": LABEL,
    "v1 Namespace": LABEL,
}
LONGEST = 253
KUBEFLOW = "kubeflow.org/v1 "
INDEXED = "Indexed"
REPLICAS = "ReplicaSpecs"
EVALUATOR = "-evaluator-0"


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """The limit of the kind, less what is added to the name, against the name."""
    for subject, body in enumerate(objects.bodies):
        name, kind = text_at(body, "metadata", "name"), text_at(body, "kind")
        limit = _limit(body)
        if len(name) > limit:
            message = f"the {kind} {code(name, LONGEST)} has a name of {len(name)} characters, and {limit} are allowed"
            fault = Fault(("metadata", "name"), RULE.id, message, "choose a shorter name")
            yield Finding(subject, fault, alone=True)


def _limit(body: Body) -> int:
    kind = named(body)
    if kind.startswith(KUBEFLOW) and kind not in LIMITS:
        return _of_training(body)
    added = ADDED.get(kind)
    return LIMITS.get(kind, LONGEST) - (added(body) if added is not None else 0)


def _of_training(body: Body) -> int:
    """The training operator calls the Services of its pods `<name>-worker-<index>`, a DNS label each."""
    suffixes = [EVALUATOR] if body.get("kind") == "TFJob" else ["-worker-999"]
    for key, roles in map_at(body, "spec").items():
        if key.endswith(REPLICAS) and isinstance(roles, dict):
            counts = {role: number_at(map_at(roles, role), "replicas") or 1 for role in roles}
            suffixes += [f"-{role.lower()}-{count - 1}" for role, count in counts.items()]
    return LABEL - max(len(suffix) for suffix in suffixes)


def _of_an_indexed_job(body: Body) -> int:
    """Its pods have its name and their index as host name."""
    pods, mode = number_at(body, "spec", "completions"), text_at(body, "spec", "completionMode")
    return len(f"-{pods - 1}") if pods is not None and pods > 0 and mode == INDEXED else 0


def _of_a_train_job(body: Body) -> int:
    """A JobSet comes of it, whose webhook counts the names of the pods, with what is added at random."""
    return len(f"-node-0-{(number_at(body, 'spec', 'trainer', 'numNodes') or 1) - 1}-abcde")


ADDED: Mapping[str, Callable[[Body], int]] = {
    "batch/v1 Job": _of_an_indexed_job,
    "trainer.kubeflow.org/v1alpha1 TrainJob": _of_a_train_job,
}
