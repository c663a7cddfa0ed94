"""What operators' webhooks and controllers refuse, or never act on, one module a rule: offline, from their sources.

A rule says nothing where a value has not the shape of its field: the schema does.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.body import Body
from mlgen.operators import (
    apache_spark,
    argo_application,
    azure_file_volume,
    blob_volume,
    cluster_queue,
    external_secret,
    flex_volume,
    flux_kustomization,
    gcs_volume,
    http_route,
    inference_service,
    job_set,
    leader_worker_set,
    monitor_endpoint,
    notebook_container,
    operator_name,
    operator_schedule,
    prometheus_rule,
    queued_run,
    ray_cluster,
    ray_job,
    s3_volume,
    scaled_object,
    sealed_secret,
    secret_provider_class,
    spark_amount,
    spark_application,
    spark_conf,
    spark_volume,
    storage_uri,
    train_job,
    training_container,
    training_policy,
    training_roles,
    workflow_call,
    workflow_order,
    workflow_template,
)
from mlgen.operators.training import FRAMEWORKS
from mlgen.operators.workflow import SPECS
from mlgen.pods import TEMPLATES, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule


class OperatorRule(Protocol):
    """A rule about objects of some kinds."""

    RULE: Rule

    def check(self, body: Body, /) -> Iterator[Fault]:
        """What is wrong with ``body``."""


SPARK = "sparkoperator.k8s.io/v1beta2 SparkApplication"
SCHEDULED_SPARK = "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication"
# What has pods of its own beside Kubernetes' kinds and those of Kubeflow's Training Operator.
RUNS = ("kubeflow.org/v1 Notebook", "jobset.x-k8s.io/v1alpha2 JobSet", "ray.io/v1 RayJob", "ray.io/v1 RayCluster")
# Each rule and the kinds that it is about: "kubeflow.org/v1 TFJob".
RULED: tuple[tuple[OperatorRule, tuple[str, ...]], ...] = (
    (operator_name, operator_name.KINDS),
    (operator_schedule, tuple(operator_schedule.PATHS)),
    (training_container, tuple(FRAMEWORKS)),
    (training_roles, tuple(FRAMEWORKS)),
    (training_policy, tuple(FRAMEWORKS)),
    (train_job, ("trainer.kubeflow.org/v1alpha1 TrainJob",)),
    (job_set, ("jobset.x-k8s.io/v1alpha2 JobSet",)),
    (leader_worker_set, ("leaderworkerset.x-k8s.io/v1 LeaderWorkerSet",)),
    (ray_cluster, tuple(ray_cluster.PATHS)),
    (ray_job, ("ray.io/v1 RayJob", "ray.io/v1 RayService", "ray.io/v1 RayCronJob")),
    (queued_run, queued_run.KINDS),
    (cluster_queue, ("kueue.x-k8s.io/v1beta2 ClusterQueue", "kueue.x-k8s.io/v1beta1 ClusterQueue")),
    (spark_application, (SPARK, SCHEDULED_SPARK)),
    (spark_conf, (SPARK, SCHEDULED_SPARK)),
    (spark_amount, (SPARK, SCHEDULED_SPARK)),
    (spark_volume, (SPARK, SCHEDULED_SPARK)),
    (apache_spark, apache_spark.KINDS),
    (inference_service, ("serving.kserve.io/v1beta1 InferenceService",)),
    (storage_uri, ("serving.kserve.io/v1beta1 InferenceService",)),
    (scaled_object, ("keda.sh/v1alpha1 ScaledObject", "keda.sh/v1alpha1 ScaledJob")),
    (notebook_container, ("kubeflow.org/v1 Notebook",)),
    (workflow_template, tuple(SPECS)),
    (workflow_call, tuple(SPECS)),
    (workflow_order, tuple(SPECS)),
    (argo_application, ("argoproj.io/v1alpha1 Application", "argoproj.io/v1alpha1 ApplicationSet")),
    (flux_kustomization, ("kustomize.toolkit.fluxcd.io/v1 Kustomization",)),
    (http_route, ("gateway.networking.k8s.io/v1 HTTPRoute", "gateway.networking.k8s.io/v1beta1 HTTPRoute")),
    (monitor_endpoint, tuple(monitor_endpoint.ENDPOINTS)),
    (prometheus_rule, ("monitoring.coreos.com/v1 PrometheusRule",)),
    (external_secret, ("external-secrets.io/v1 ExternalSecret",)),
    (sealed_secret, ("bitnami.com/v1alpha1 SealedSecret",)),
    (secret_provider_class, ("secrets-store.csi.x-k8s.io/v1 SecretProviderClass",)),
    (blob_volume, ("v1 PersistentVolume", *TEMPLATES)),
    (azure_file_volume, ("v1 PersistentVolume", *TEMPLATES)),
    (s3_volume, ("v1 PersistentVolume", *TEMPLATES)),
    (gcs_volume, ("v1 PersistentVolume", *TEMPLATES)),
    (flex_volume, ("v1 PersistentVolume", *TEMPLATES, *FRAMEWORKS, *RUNS, SPARK, SCHEDULED_SPARK)),
)
RULES: tuple[Rule, ...] = tuple(rule.RULE for rule, _ in RULED)


def _by_kind() -> Mapping[str, tuple[OperatorRule, ...]]:
    kinds = dict.fromkeys(kind for _, about in RULED for kind in about)
    return {kind: tuple(rule for rule, about in RULED if kind in about) for kind in kinds}


OPERATORS: Mapping[str, tuple[OperatorRule, ...]] = _by_kind()


def check(body: Body) -> Iterator[Fault]:
    """Yield what an operator has against ``body``."""
    for rule in OPERATORS.get(named(body), ()):
        yield from rule.check(body)
