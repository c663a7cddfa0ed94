"""A name that an operator cannot use for what it makes."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, text_at
from mlgen.faults.case import code
from mlgen.operators.label import fault_of
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="operator-name",
    title="A name that the operator cannot use",
    why="Operators name Services and hosts after the object: those are DNS labels, letters, digits and dashes with a "
    "letter first. Some write the name into a label too, or add to it.",
    bad="metadata: {name: 2026.churn}",
    good="metadata: {name: churn-2026}",
    source="kubeflow/training-operator v1.9 and spark-operator v2.5, webhooks: IsDNS1035Label; kuberay v1.7: "
    "ValidateRayJobMetadata; kserve v0.20: IsvcNameFmt; trainer v2: TrainJob's CEL; leaderworkerset: webhook; "
    "keda v2.20: verifyName; apache/spark: DriverServiceFeatureStep; argo-workflows v4.1: maxCharsInObjectName",
)
ANY = 253
# How long a name may be; where another rule of names knows, or none is known, as long as any.
LABELS: Mapping[str, int] = {
    "kubeflow.org/v1 TFJob": ANY,
    "kubeflow.org/v1 PyTorchJob": ANY,
    "kubeflow.org/v1 XGBoostJob": ANY,
    "kubeflow.org/v1 PaddleJob": ANY,
    "kubeflow.org/v1 JAXJob": ANY,
    "kubeflow.org/v1 Notebook": ANY,
    "sparkoperator.k8s.io/v1beta2 SparkApplication": ANY,
    "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication": ANY,
    "spark.apache.org/v1 SparkApplication": ANY,  # the driver's Service is called after it
    "ray.io/v1 RayCluster": ANY,
    "ray.io/v1 RayJob": ANY,
    "ray.io/v1 RayService": ANY,
    "ray.io/v1 RayCronJob": 36,
    "serving.kserve.io/v1beta1 InferenceService": 53,  # its Service is `<name>-predictor`
    "trainer.kubeflow.org/v1alpha1 TrainJob": 63,
    "leaderworkerset.x-k8s.io/v1 LeaderWorkerSet": 63,
}
LENGTHS: Mapping[str, int] = {
    "keda.sh/v1alpha1 ScaledObject": 63,
    "argoproj.io/v1alpha1 Workflow": 63,
    "argoproj.io/v1alpha1 WorkflowTemplate": 63,
    "argoproj.io/v1alpha1 ClusterWorkflowTemplate": 63,
}
KINDS = (*LABELS, *LENGTHS)


def check(body: Body) -> Iterator[Fault]:
    """The object's name."""
    kind, name = named(body), text_at(body, "metadata", "name")
    longest = LABELS.get(kind) or LENGTHS[kind]
    wrong = fault_of(name) if kind in LABELS else ""
    where = ("metadata", "name")
    if wrong:
        mend = "begin with a letter, and use lower-case letters, digits and dashes"
        message = f"{body['kind']}s cannot be called {code(name)}: it {wrong}"
        yield Fault(where, RULE.id, message, mend)
    elif len(name) > longest:
        message = f"{code(name)} has {len(name)} characters, and the name of {body['kind']}s at most {longest}"
        yield Fault(where, RULE.id, message, "choose a shorter name")
