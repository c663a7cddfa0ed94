"""Objects that a cluster takes and that will do harm all the same: good practice, one module a rule.

Each fault has the severity that it has in an environment; where nobody said which, all of them are warnings.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.body import Body
from mlgen.gathered import Gathered, Setting
from mlgen.pods import Pod, named, pods
from mlgen.practice import (
    account_token,
    added_capability,
    blocked_drain,
    cluster_admin,
    cpu_request,
    cron_deadline,
    cuda_without_gpu,
    default_namespace,
    enters_pods,
    exposed_service,
    gpu_count,
    gpu_node_for_nothing,
    gpu_placement,
    gpu_quota,
    grace_period,
    host_namespace,
    host_path,
    host_port,
    ingress_tls,
    job_ttl,
    kept_capabilities,
    liveness_probe,
    low_port,
    memory_limit,
    memory_request,
    memory_volume,
    moving_model,
    never_runs,
    no_checkpoint,
    no_deadline,
    no_disruption_budget,
    no_priority,
    no_seccomp_profile,
    not_spread,
    odd_schedule,
    overlapping_runs,
    privilege_escalation,
    privileged_container,
    rbac_wildcard,
    readiness_probe,
    reads_secrets,
    repeated_variable,
    replicas_and_autoscaler,
    restricted_volume,
    run_ttl,
    runs_as_root,
    same_probes,
    secret_value,
    shared_memory,
    startup_time,
    surge_needs_gpu,
    too_few_to_drain,
    torch_processes,
    unbounded_scratch,
    unconfined,
    unmasked_proc,
    unready_eviction,
    unsafe_sysctl,
    untagged_image,
)
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule


class PodRule(Protocol):
    """A rule about a pod, whatever makes it."""

    RULE: Rule

    def check(self, pod: Pod, setting: Setting, /) -> Iterator[Fault]:
        """What ought not to be so in ``pod``; paths are those of the whole object."""


class ObjectRule(Protocol):
    """A rule about objects of some kinds."""

    RULE: Rule

    def check(self, body: Body, setting: Setting, /) -> Iterator[Fault]:
        """What ought not to be so in ``body``."""


class TogetherRule(Protocol):
    """A rule about objects together."""

    RULE: Rule

    def check(self, objects: Gathered, setting: Setting, /) -> Iterator[Finding]:
        """What ought not to be so in ``objects``."""


POD: tuple[PodRule, ...] = (
    untagged_image,
    unbounded_scratch,
    readiness_probe,
    liveness_probe,
    same_probes,
    startup_time,
    grace_period,
    no_checkpoint,
    no_deadline,
    overlapping_runs,
    shared_memory,
    memory_volume,
    torch_processes,
    gpu_count,
    gpu_placement,
    gpu_node_for_nothing,
    cuda_without_gpu,
    surge_needs_gpu,
    repeated_variable,
    low_port,
    privileged_container,
    host_namespace,
    host_path,
    host_port,
    added_capability,
    unmasked_proc,
    unsafe_sysctl,
    unconfined,
    privilege_escalation,
    runs_as_root,
    kept_capabilities,
    no_seccomp_profile,
    restricted_volume,
)
ROLES: tuple[ObjectRule, ...] = (rbac_wildcard, reads_secrets, enters_pods)
# By kind and group; those of every object are under "".
OBJECT: Mapping[str, tuple[ObjectRule, ...]] = {
    "": (default_namespace, secret_value),
    "batch/v1 Job": (job_ttl, run_ttl),
    "batch/v1 CronJob": (cron_deadline, never_runs, odd_schedule),
    "argoproj.io/v1alpha1 CronWorkflow": (never_runs, odd_schedule),
    "argoproj.io/v1alpha1 Workflow": (run_ttl,),
    "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication": (never_runs, odd_schedule),
    "sparkoperator.k8s.io/v1beta2 SparkApplication": (run_ttl,),
    "spark.apache.org/v1 SparkApplication": (run_ttl,),
    "jobset.x-k8s.io/v1alpha2 JobSet": (run_ttl,),
    **{
        f"kubeflow.org/v1 {kind}": (run_ttl,)
        for kind in ("TFJob", "PyTorchJob", "XGBoostJob", "PaddleJob", "JAXJob", "MPIJob")
    },
    "kubeflow.org/v2beta1 MPIJob": (run_ttl,),
    "policy/v1 PodDisruptionBudget": (blocked_drain, unready_eviction),
    "v1 ResourceQuota": (gpu_quota,),
    "v1 Service": (exposed_service,),
    "networking.k8s.io/v1 Ingress": (ingress_tls,),
    "rbac.authorization.k8s.io/v1 Role": ROLES,
    "rbac.authorization.k8s.io/v1 ClusterRole": ROLES,
    "rbac.authorization.k8s.io/v1 RoleBinding": (cluster_admin,),
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": (cluster_admin,),
}
TOGETHER: tuple[TogetherRule, ...] = (
    memory_request,
    cpu_request,
    memory_limit,
    replicas_and_autoscaler,
    too_few_to_drain,
    no_disruption_budget,
    not_spread,
    no_priority,
    moving_model,
    account_token,
)

RULES: tuple[Rule, ...] = tuple(
    dict.fromkeys(
        [
            *(rule.RULE for rule in POD),
            *(rule.RULE for rules in OBJECT.values() for rule in rules),
            *(rule.RULE for rule in TOGETHER),
        ]
    )
)


def alone(body: Body, setting: Setting) -> Iterator[Fault]:
    """Yield what ought not to be so in an object, whatever stands beside it."""
    for rule in (*OBJECT[""], *OBJECT.get(named(body), ())):
        yield from rule.check(body, setting)
    for pod in pods(body):
        for pod_rule in POD:
            yield from pod_rule.check(pod, setting)


def together(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Yield what ought not to be so between ``objects``."""
    for rule in TOGETHER:
        yield from rule.check(objects, setting)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Yield what ought not to be so, in each of ``objects`` and between them."""
    for index, body in enumerate(objects.bodies):
        for fault in alone(body, setting):
            yield Finding(index, fault)
    yield from together(objects, setting)
