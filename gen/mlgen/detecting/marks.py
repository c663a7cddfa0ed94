"""How each back-end shows in the definitions of a cluster's custom resources.

What tells versions apart was found by comparing the definitions that the operators' releases publish.
"""

from typing import NamedTuple


class Mark(NamedTuple):
    """A back-end, and the definition that shows it: fields that it has, and fields that it has no more."""

    backend: str
    keys: tuple[str, ...]  # of `platform`
    resource: str
    version: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


TRAINING = "kubeflow-training-1.9"
MANAGED = ("spec.runPolicy.managedBy",)  # since 1.9
TRAINJOB, JOBSET = "trainjobs.trainer.kubeflow.org", "jobsets.jobset.x-k8s.io"
CRON, SERVICE = "cronworkflows.argoproj.io", "inferenceservices.serving.kserve.io"

# Of a key, what an environment would rather have stands first; of a definition, what is older stands last.
MARKS = (
    Mark("keda-2.20", ("autoscaler",), "scaledobjects.keda.sh", "v1alpha1", ("status.triggersActivity",)),
    Mark(TRAINING, ("mpi",), "mpijobs.kubeflow.org", "v1", MANAGED),
    Mark("kubeflow-notebooks-1.10", ("notebook",), "notebooks.kubeflow.org", "v1"),
    Mark("argo-workflows-4.1", ("pipelines",), CRON, "v1alpha1", ("spec.schedules",), ("spec.schedule",)),
    Mark("argo-workflows-3.7", ("pipelines",), CRON, "v1alpha1", ("spec.schedules", "spec.schedule")),
    Mark("kubeflow-trainer-2.2", ("pytorch",), TRAINJOB, "v1alpha1", ("spec.runtimePatches",)),
    Mark("kubeflow-trainer-2.1", ("pytorch",), TRAINJOB, "v1alpha1", ("spec.podTemplateOverrides",)),
    Mark("kubeflow-trainer-2.0", ("pytorch",), TRAINJOB, "v1alpha1", ("spec.podSpecOverrides",)),
    Mark(TRAINING, ("pytorch",), "pytorchjobs.kubeflow.org", "v1", MANAGED),
    Mark("katib-0.19", ("sweep",), "experiments.kubeflow.org", "v1beta1"),
    Mark(TRAINING, ("tensorflow",), "tfjobs.kubeflow.org", "v1", MANAGED),
    Mark("jobset-0.12", ("pytorch", "tensorflow"), JOBSET, "v1alpha2", ("spec.volumeClaimPolicies",)),
    Mark("kuberay-1.4", ("ray",), "rayjobs.ray.io", "v1", ("spec.rayClusterSpec.autoscalerOptions.version",)),
    Mark("kserve-0.20", ("serving",), SERVICE, "v1beta1", ("spec.canary",)),
    Mark("kserve-0.16", ("serving",), SERVICE, "v1beta1", ("spec.predictor.storageUris",), ("spec.canary",)),
    Mark("spark-operator-2.5", ("spark",), "sparkapplications.sparkoperator.k8s.io", "v1beta2", ("spec.suspend",)),
    Mark("apache-spark-operator-1.0", ("spark",), "sparkapplications.spark.apache.org", "v1"),
)

# What else an environment may say of such a cluster, with what only people know in capitals: the definition, the
# version of it that is served, and the line. Where two are about one key, the first is meant.
BESIDE = (
    ("localqueues.kueue.x-k8s.io", "v1beta2", "queue: {from: kueue-0.19, cluster: NAME}"),
    ("localqueues.kueue.x-k8s.io", "v1beta1", "queue: {from: kueue-0.14, cluster: NAME}"),
    ("podgroups.scheduling.volcano.sh", "v1beta1", "scheduler: {from: volcano, queue: NAME}"),
    ("podgroups.scheduling.x-k8s.io", "v1alpha1", "scheduler: {from: coscheduling}"),
    ("externalsecrets.external-secrets.io", "v1", "secrets: {from: external-secrets, store: NAME}"),
    ("sealedsecrets.bitnami.com", "v1alpha1", "secrets: {from: sealed-secrets}"),
    ("podmonitors.monitoring.coreos.com", "v1", "monitoring: {from: prometheus-operator}"),
    ("httproutes.gateway.networking.k8s.io", "v1", "network: {gateway: {name: NAME, namespace: NAMESPACE}}"),
)
