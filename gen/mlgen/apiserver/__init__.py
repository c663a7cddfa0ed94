"""What an API server refuses beyond what schemas can say: fields that must agree, one module a rule.

A rule says nothing where a value has not the shape of its field: the schema does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from mlgen.apiserver import (
    active_deadline,
    api_service_name,
    autoscaler_range,
    bad_ip,
    bad_network,
    binding_subject,
    container_restart_policy,
    cron_schedule,
    data_size,
    definition_names,
    device_request,
    disruption_budget,
    dns_config,
    ephemeral_containers,
    escalation,
    host_namespace,
    host_port,
    huge_pages,
    indexed_job,
    ingress_class,
    ingress_host,
    init_container,
    job_selector,
    key_in_both,
    limit_range,
    listed_twice,
    mount_options,
    mount_without_volume,
    pod_annotation,
    pod_failure_policy,
    pod_overhead,
    pod_resources,
    policy_binding,
    policy_port,
    projected_path,
    quota_scope,
    request_over_limit,
    resize_policy,
    role_rule,
    rolling_update,
    scheduling_gate,
    secret_content,
    selector_mismatch,
    service_address,
    service_type,
    sleep_too_long,
    spread_constraint,
    structural_schema,
    system_priority,
    two_controllers,
    unlisted_claim,
    volume_claim,
    webhook_rule,
    wrong_system,
)
from mlgen.body import Body
from mlgen.node import Path
from mlgen.pods import Containers, Pod, named, pods
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

# What is wrong with a container at a path, with a pod, with a pod and its containers, and with an object; all paths
# are those of the whole object. Most modules have one of them.
ContainerCheck = Callable[[Pod, Path, Body], Iterator[Fault]]
PodCheck = Callable[[Pod], Iterator[Fault]]
TogetherCheck = Callable[[Pod, Containers], Iterator[Fault]]
ObjectCheck = Callable[[Body], Iterator[Fault]]
Check = TypeVar("Check")

LISTS, INIT = listed_twice.check_container, init_container.check
# By a field that a rule is about: one without it is asked nothing.
CONTAINER: Mapping[str, tuple[ContainerCheck, ...]] = {
    "resources": (request_over_limit.check, huge_pages.check, unlisted_claim.check, LISTS, INIT),
    "ports": (LISTS, INIT),
    "volumeMounts": (LISTS, mount_options.check),
    "volumeDevices": (LISTS,),
    "resizePolicy": (LISTS, INIT, resize_policy.check),
    "restartPolicy": (INIT,),
    "lifecycle": (INIT, sleep_too_long.check),
    "livenessProbe": (INIT,),
    "readinessProbe": (INIT,),
    "startupProbe": (INIT,),
    "securityContext": (escalation.check,),
}
# Until which minor version of Kubernetes 1 a rule holds.
CONTAINER_UNTIL: Mapping[int, tuple[ContainerCheck, ...]] = {33: (container_restart_policy.check,)}
LISTED = listed_twice.check_pod
POD: Mapping[str, tuple[PodCheck, ...]] = {
    "volumes": (LISTED, projected_path.check, volume_claim.check_pod),
    "hostNetwork": (host_namespace.check,),
    "hostPID": (host_namespace.check,),
    "hostIPC": (host_namespace.check,),
    "dnsPolicy": (dns_config.check,),
    "dnsConfig": (dns_config.check, bad_ip.check_pod),
    "hostAliases": (bad_ip.check_pod,),
    "topologySpreadConstraints": (LISTED, spread_constraint.check),
    "affinity": (spread_constraint.check,),
    "securityContext": (LISTED,),
    "schedulingGates": (LISTED, scheduling_gate.check),
    "resourceClaims": (LISTED,),
    "os": (wrong_system.check,),
    "overhead": (pod_overhead.check,),
    "resources": (pod_resources.check,),
    "activeDeadlineSeconds": (active_deadline.check,),
    "ephemeralContainers": (ephemeral_containers.check,),
}
TOGETHER: tuple[TogetherCheck, ...] = (listed_twice.check_names, mount_without_volume.check, host_port.check)
TEMPLATE: tuple[PodCheck, ...] = (data_size.check_pod, pod_annotation.check)  # about the pod's metadata
EVERY: tuple[ObjectCheck, ...] = (data_size.check_annotations, two_controllers.check)
JOB = (job_selector.check, indexed_job.check, pod_failure_policy.check)
HOOKS = (webhook_rule.check, listed_twice.check)
CLAIM = (device_request.check, listed_twice.check)
# By "apps/v1 Deployment".
OBJECT: Mapping[str, tuple[ObjectCheck, ...]] = {
    "apps/v1 Deployment": (selector_mismatch.check, rolling_update.check, rolling_update.check_progress),
    "apps/v1 ReplicaSet": (selector_mismatch.check,),
    "apps/v1 StatefulSet": (selector_mismatch.check, rolling_update.check, volume_claim.check),
    "apps/v1 DaemonSet": (selector_mismatch.check, rolling_update.check),
    "v1 ReplicationController": (selector_mismatch.check,),
    "batch/v1 Job": (*JOB, selector_mismatch.check),
    "batch/v1 CronJob": (*JOB, cron_schedule.check),
    "jobset.x-k8s.io/v1alpha2 JobSet": JOB,
    "autoscaling/v2 HorizontalPodAutoscaler": (autoscaler_range.check,),
    "autoscaling/v1 HorizontalPodAutoscaler": (autoscaler_range.check,),
    "policy/v1 PodDisruptionBudget": (disruption_budget.check,),
    "v1 Service": (service_type.check, service_address.check, bad_ip.check, bad_network.check, listed_twice.check),
    "v1 Endpoints": (bad_ip.check,),
    "discovery.k8s.io/v1 EndpointSlice": (bad_ip.check, listed_twice.check),
    "networking.k8s.io/v1 Ingress": (ingress_host.check, ingress_class.check),
    "networking.k8s.io/v1 NetworkPolicy": (bad_network.check, policy_port.check),
    "networking.k8s.io/v1 ServiceCIDR": (bad_network.check,),
    "v1 ConfigMap": (data_size.check, key_in_both.check),
    "v1 Secret": (data_size.check, secret_content.check),
    "v1 Node": (listed_twice.check,),
    "v1 PersistentVolume": (volume_claim.check,),
    "v1 PersistentVolumeClaim": (volume_claim.check,),
    "v1 LimitRange": (limit_range.check,),
    "v1 ResourceQuota": (quota_scope.check,),
    "rbac.authorization.k8s.io/v1 Role": (role_rule.check,),
    "rbac.authorization.k8s.io/v1 ClusterRole": (role_rule.check,),
    "rbac.authorization.k8s.io/v1 RoleBinding": (binding_subject.check,),
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": (binding_subject.check,),
    "apiextensions.k8s.io/v1 CustomResourceDefinition": (
        definition_names.check,
        structural_schema.check,
        listed_twice.check,
    ),
    "apiregistration.k8s.io/v1 APIService": (api_service_name.check,),
    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": HOOKS,
    "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration": HOOKS,
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy": HOOKS,
    "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy": HOOKS,
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding": (policy_binding.check, webhook_rule.check),
    "scheduling.k8s.io/v1 PriorityClass": (system_priority.check,),
    "resource.k8s.io/v1 ResourceClaim": CLAIM,
    "resource.k8s.io/v1 ResourceClaimTemplate": CLAIM,
    "storage.k8s.io/v1 CSIDriver": (listed_twice.check,),
}

RULES: tuple[Rule, ...] = (
    active_deadline.RULE,
    api_service_name.RULE,
    autoscaler_range.RULE,
    bad_ip.RULE,
    bad_network.RULE,
    binding_subject.RULE,
    container_restart_policy.RULE,
    cron_schedule.RULE,
    data_size.RULE,
    definition_names.RULE,
    device_request.RULE,
    disruption_budget.RULE,
    dns_config.RULE,
    ephemeral_containers.RULE,
    escalation.RULE,
    host_namespace.RULE,
    host_port.RULE,
    huge_pages.RULE,
    indexed_job.RULE,
    ingress_class.RULE,
    ingress_host.RULE,
    init_container.RULE,
    job_selector.RULE,
    key_in_both.RULE,
    limit_range.RULE,
    listed_twice.RULE,
    mount_options.RULE,
    mount_without_volume.RULE,
    pod_annotation.RULE,
    pod_failure_policy.RULE,
    pod_overhead.RULE,
    pod_resources.RULE,
    policy_binding.RULE,
    policy_port.RULE,
    projected_path.RULE,
    quota_scope.RULE,
    request_over_limit.RULE,
    resize_policy.RULE,
    role_rule.RULE,
    rolling_update.RULE,
    scheduling_gate.RULE,
    secret_content.RULE,
    selector_mismatch.RULE,
    service_address.RULE,
    service_type.RULE,
    sleep_too_long.RULE,
    spread_constraint.RULE,
    structural_schema.RULE,
    system_priority.RULE,
    two_controllers.RULE,
    unlisted_claim.RULE,
    volume_claim.RULE,
    webhook_rule.RULE,
    wrong_system.RULE,
)


def check(body: Body, minor: str) -> Iterator[Fault]:
    """Yield what is wrong with an object of any kind, in itself, to Kubernetes ``minor``."""
    for of_object in (*EVERY, *OBJECT.get(named(body), ())):
        yield from of_object(body)
    for pod in pods(body):
        yield from _of_pod(pod, minor)


def _of_pod(pod: Pod, minor: str) -> Iterator[Fault]:
    containers = list(pod.containers())
    for together in TOGETHER:
        yield from together(pod, containers)
    for of_pod in (*_about(POD, pod.spec), *(TEMPLATE if pod.metadata else ())):
        yield from of_pod(pod)
    older = [check for last, some in CONTAINER_UNTIL.items() for check in some if _number(minor) <= last]
    for path, container in containers:
        for of_container in (*_about(CONTAINER, container), *older):
            yield from of_container(pod, path, container)


def _about(checks: Mapping[str, tuple[Check, ...]], holder: Body) -> Iterable[Check]:
    """The checks of the fields that ``holder`` has, each once."""
    return dict.fromkeys([check for field in holder if field in checks for check in checks[field]])


def _number(minor: str) -> int:
    """34 of "1.34"."""
    digits = minor.partition(".")[2]
    return int(digits) if digits.isdigit() else 0
