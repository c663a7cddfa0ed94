"""What an API server refuses beyond what schemas can say: fields that must agree, one module a rule.

A rule says nothing where a value has not the shape of its field: the schema does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from mlgen.apiserver import (
    api_service_name,
    autoscaler_range,
    cron_schedule,
    data_size,
    definition_names,
    device_request,
    docker_config,
    field_divisor,
    host_port_conflict,
    host_sysctl,
    huge_pages,
    indexed_job,
    ingress_class,
    key_in_both,
    limit_range,
    listed_twice,
    mount_propagation,
    mount_without_volume,
    network_exception,
    pod_annotation,
    pod_failure_policy,
    pod_overhead,
    pod_resources,
    port_range,
    proc_mount,
    progress_deadline,
    projected_path,
    quota_scope,
    request_over_limit,
    resize_policy,
    scheduling_gate,
    selector_mismatch,
    service_address,
    service_type,
    sleep_too_long,
    special_ip,
    spread_constraint,
    structural_schema,
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

LISTS = listed_twice.check_container
# By a field that a rule is about: one without it is asked nothing.
CONTAINER: Mapping[str, tuple[ContainerCheck, ...]] = {
    "resources": (request_over_limit.check, huge_pages.check, unlisted_claim.check, LISTS),
    "env": (field_divisor.check,),
    "ports": (LISTS,),
    "volumeMounts": (LISTS, mount_propagation.check),
    "volumeDevices": (LISTS,),
    "resizePolicy": (LISTS, resize_policy.check),
    "lifecycle": (sleep_too_long.check,),
    "securityContext": (proc_mount.check,),
}
LISTED = listed_twice.check_pod
POD: Mapping[str, tuple[PodCheck, ...]] = {
    "volumes": (LISTED, projected_path.check, volume_claim.check_pod, field_divisor.check_pod),
    "topologySpreadConstraints": (LISTED, spread_constraint.check),
    "affinity": (spread_constraint.check,),
    "securityContext": (LISTED, host_sysctl.check),
    "schedulingGates": (LISTED, scheduling_gate.check),
    "resourceClaims": (LISTED,),
    "os": (wrong_system.check,),
    "overhead": (pod_overhead.check,),
    "resources": (pod_resources.check,),
}
TOGETHER: tuple[TogetherCheck, ...] = (listed_twice.check_names, mount_without_volume.check, host_port_conflict.check)
TEMPLATE: tuple[PodCheck, ...] = (data_size.check_pod, pod_annotation.check)  # about the pod's metadata
EVERY: tuple[ObjectCheck, ...] = (data_size.check_annotations, two_controllers.check)
JOB = (indexed_job.check, pod_failure_policy.check)
HOOKS = (webhook_rule.check, listed_twice.check)
CLAIM = (device_request.check, listed_twice.check)
# By "apps/v1 Deployment".
OBJECT: Mapping[str, tuple[ObjectCheck, ...]] = {
    "apps/v1 Deployment": (selector_mismatch.check, progress_deadline.check),
    "apps/v1 ReplicaSet": (selector_mismatch.check,),
    "apps/v1 StatefulSet": (selector_mismatch.check, volume_claim.check),
    "apps/v1 DaemonSet": (selector_mismatch.check,),
    "v1 ReplicationController": (selector_mismatch.check,),
    "batch/v1 Job": (*JOB, selector_mismatch.check),
    "batch/v1 CronJob": (*JOB, cron_schedule.check),
    "jobset.x-k8s.io/v1alpha2 JobSet": JOB,
    "autoscaling/v2 HorizontalPodAutoscaler": (autoscaler_range.check,),
    "autoscaling/v1 HorizontalPodAutoscaler": (autoscaler_range.check,),
    "v1 Service": (service_type.check, service_address.check, special_ip.check, listed_twice.check),
    "v1 Endpoints": (special_ip.check,),
    "discovery.k8s.io/v1 EndpointSlice": (special_ip.check, listed_twice.check),
    "networking.k8s.io/v1 Ingress": (ingress_class.check,),
    "networking.k8s.io/v1 NetworkPolicy": (network_exception.check, port_range.check),
    "v1 ConfigMap": (data_size.check, key_in_both.check),
    "v1 Secret": (data_size.check, docker_config.check),
    "v1 Node": (listed_twice.check,),
    "v1 PersistentVolume": (volume_claim.check,),
    "v1 PersistentVolumeClaim": (volume_claim.check,),
    "v1 LimitRange": (limit_range.check,),
    "v1 ResourceQuota": (quota_scope.check,),
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
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding": (webhook_rule.check,),
    "resource.k8s.io/v1 ResourceClaim": CLAIM,
    "resource.k8s.io/v1 ResourceClaimTemplate": CLAIM,
    "storage.k8s.io/v1 CSIDriver": (listed_twice.check,),
}

RULES: tuple[Rule, ...] = (
    api_service_name.RULE,
    autoscaler_range.RULE,
    cron_schedule.RULE,
    data_size.RULE,
    definition_names.RULE,
    device_request.RULE,
    field_divisor.RULE,
    docker_config.RULE,
    host_port_conflict.RULE,
    host_sysctl.RULE,
    huge_pages.RULE,
    indexed_job.RULE,
    ingress_class.RULE,
    key_in_both.RULE,
    limit_range.RULE,
    listed_twice.RULE,
    mount_propagation.RULE,
    mount_without_volume.RULE,
    network_exception.RULE,
    pod_annotation.RULE,
    pod_failure_policy.RULE,
    pod_overhead.RULE,
    pod_resources.RULE,
    port_range.RULE,
    progress_deadline.RULE,
    projected_path.RULE,
    quota_scope.RULE,
    request_over_limit.RULE,
    resize_policy.RULE,
    scheduling_gate.RULE,
    selector_mismatch.RULE,
    service_address.RULE,
    service_type.RULE,
    sleep_too_long.RULE,
    special_ip.RULE,
    spread_constraint.RULE,
    structural_schema.RULE,
    two_controllers.RULE,
    unlisted_claim.RULE,
    proc_mount.RULE,
    volume_claim.RULE,
    webhook_rule.RULE,
    wrong_system.RULE,
)


def check(body: Body) -> Iterator[Fault]:
    """Yield what is wrong with an object of any kind, in itself."""
    for of_object in (*EVERY, *OBJECT.get(named(body), ())):
        yield from of_object(body)
    for pod in pods(body):
        containers = list(pod.containers())
        for together in TOGETHER:
            yield from together(pod, containers)
        for of_pod in (*_about(POD, pod.spec), *(TEMPLATE if pod.metadata else ())):
            yield from of_pod(pod)
        for path, container in containers:
            for of_container in _about(CONTAINER, container):
                yield from of_container(pod, path, container)


def _about(checks: Mapping[str, tuple[Check, ...]], holder: Body) -> Iterable[Check]:
    """The checks of the fields that ``holder`` has, each once."""
    return dict.fromkeys([check for field in holder if field in checks for check in checks[field]])
