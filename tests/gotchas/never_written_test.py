"""Gotchas that are handled by never being written: what no object has that mlgen builds by itself, and why.

What is looked at is everything that the reference platform and all cases build. Who needs one of these writes a patch.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.conftest import ROOT

from mlgen import disk, engine
from mlgen.platform import load

CASES = [ROOT, *sorted(path.parent for path in ROOT.glob("tests/cases/*/environments"))]
BY_HAND = "hatch"  # the case of what people write themselves
GPU = "nvidia.com/gpu"
Object = dict[str, Any]


@cache
def objects(without: str = "") -> tuple[Object, ...]:
    """Every object of every project in every environment, but for those of a case."""
    found: list[Object] = []
    for root in (root for root in CASES if root.name != without):
        platform = load(disk.read_inputs(root)[0])
        for project in platform.projects if root.name != BY_HAND else ():
            found += [one.body for place in engine.places(platform, project) for one in place.manifests]
    return tuple(found)


def inside(value: Any) -> Iterator[Object]:
    """Every map in ``value``, itself included."""
    if isinstance(value, list):
        for item in value:
            yield from inside(item)
    elif isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from inside(inner)


def listed(key: str, value: Any) -> Iterator[Object]:
    """Every item of every list under ``key``."""
    for found in inside(value):
        if isinstance(found.get(key), list):
            yield from found[key]


def of_kind(*kinds: str) -> list[Object]:
    found = [body for body in objects() if body["kind"] in kinds]
    assert {body["kind"] for body in found} == set(kinds)
    return found


NEVER = {
    # 1. Training
    "an elastic policy needs workers, and asks torchrun to agree with it": "elasticPolicy",
    "nprocPerNode of an elastic policy would be the second": "nProcPerNode",
    "a pod failure policy would say again what retries say": "podFailurePolicy",
    "gang scheduling is the scheduler's, by a name of its own": "schedulerName",
    "a scheduling policy makes a PodGroup, for which the operator needs a gang scheduler": "schedulingPolicy",
    "a queue suspends, and git would resume": "suspend",
    "another controller than the operator manages nothing here": "managedBy",
    "dynamic workers change the size of a run under its name": "enableDynamicWorker",
    # 2. Spark
    "no batch scheduler": "batchScheduler",
    "the operator has an old word for retries": "failureRetries",
    "nobody impersonates": "proxyUser",
    # 6. Volumes
    "volumes of 2018": "flexVolume",
    "in-tree volumes": "azureFile",
    "git repositories as volumes": "gitRepo",
    "a mount with the pod's token lasts a day, and is a preview": "mountWithWorkloadIdentityToken",
    # 7. Secrets
    "older operators do not know a null byte policy": "nullBytePolicy",
    "a store, and as whom it is opened, is the platform's": "authType",
    # 9. The platform's own
    "priority classes are the platform's, and a patch refers to one": "priorityClassName",
    "devices are asked for as extended resources, not as DRA's claims": "resourceClaims",
    "nor does a container have DRA's claims": "claims",
    "no pod is on the node's network": "hostNetwork",
    "no pod is privileged": "privileged",
}


PIPELINES = ("nightly", "weekly")
# They do have some of that: none of a queue's, and a Job whose only pod must outlive its node and not its own failure.
OF_PIPELINES = {"podFailurePolicy": {"CronJob"}, "suspend": {"CronJob", "CronWorkflow"}}
# Only where an environment or a workload says `spot`, `priority` or who schedules: the case of all that.
ASKED_FOR = dict.fromkeys(("podFailurePolicy", "schedulerName", "schedulingPolicy", "priorityClassName"), "scheduling")


@pytest.mark.parametrize("key", NEVER.values(), ids=NEVER)
def test_never_written(key: str) -> None:
    asked = [body for body in objects(ASKED_FOR.get(key, "")) if body["kind"] not in OF_PIPELINES.get(key, ())]
    assert not [body["metadata"]["name"] for body in asked if any(key in found for found in inside(body))]


KINDS = {
    "custom resource definitions come with their operators": "CustomResourceDefinition",
    "priority classes are the platform's, and cannot change": "PriorityClass",
    "the operator makes the pod group": "PodGroup",
    "no claims of devices": "ResourceClaimTemplate",
    "no grant across namespaces": "ReferenceGrant",
    "stores hold the credentials of the platform": "SecretStore",
    "nor those of the cluster": "ClusterSecretStore",
    "storage classes are the platform's": "StorageClass",
    "gateways are the platform's": "Gateway",
    "a pod by itself is not tried again": "Pod",
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_kinds_that_are_never_built(kind: str) -> None:
    assert kind not in {body["kind"] for body in objects()}


def test_a_secret_is_one_that_sops_encrypted() -> None:
    """Nothing else writes one; what its values are, only the cluster's decryption knows."""
    for body in of_kind("Secret"):
        assert "sops" in body
        assert all(
            str(value).startswith("ENC[") for part in ("data", "stringData") for value in body.get(part, {}).values()
        )


def test_no_sync_wave_holds_up_the_others() -> None:
    """Only what pods need before they start is in an earlier wave, and only what is out of sync is waited for: a store
    that cannot be reached stops no change of anything else (`ApplyOutOfSyncOnly`). The store and its account come in
    the same wave as what reads it. A claim in an earlier wave than its pod would wait for ever where the pod binds it.
    """
    early = set()
    for body in objects():
        annotations = body["metadata"].get("annotations", {})
        if "argocd.argoproj.io/sync-wave" in annotations:
            assert annotations["argocd.argoproj.io/sync-wave"] == "-1"
            early.add(body["kind"])
        assert "argocd.argoproj.io/hook" not in annotations, "a hook runs at every sync"
    assert early == {"Namespace", "ExternalSecret"}


LIVES = {"ttlSecondsAfterFinished", "timeToLiveSeconds"}


def test_no_tracked_run_has_a_time_to_live() -> None:
    """Git would make it again, and it would run again; of what a schedule makes, git owns nothing."""
    for body in of_kind("Job", "TFJob", "PyTorchJob", "SparkApplication"):
        assert all(LIVES.isdisjoint(found) for found in inside(body))
    for body in of_kind("CronJob", "ScheduledSparkApplication"):
        assert any(LIVES & found.keys() for found in inside(body))


def test_no_pod_template_stands_beside_what_the_spark_operator_is_told() -> None:
    """It needs Spark 3, and two words for one thing would be two truths."""
    for body in of_kind("SparkApplication", "ScheduledSparkApplication"):
        assert not [found for found in inside(body) if "coreRequest" in found and "template" in found]


def test_no_blob_is_an_inline_volume_of_a_pod() -> None:
    """The driver lets an inline volume have only some mount options, and wants a secret for it: a volume and a claim
    have all options, and an identity may open them."""
    drivers = {volume["csi"]["driver"] for body in objects() for volume in listed("volumes", body) if "csi" in volume}
    assert drivers == {"secrets-store.csi.k8s.io"}


def test_every_empty_dir_has_a_limit() -> None:
    """Without one it fills the node, or counts against the memory of the pod without an end."""
    found = [volume["emptyDir"] for body in objects() for volume in listed("volumes", body) if "emptyDir" in volume]
    assert found
    assert all("sizeLimit" in volume for volume in found)


def test_a_config_map_that_is_mounted_by_a_sub_path_is_named_by_its_content() -> None:
    """A pod keeps what it had when it started, so another content has to be another pod."""
    for body in objects():
        maps = {one["name"]: one["configMap"]["name"] for one in listed("volumes", body) if "configMap" in one}
        for mount in listed("volumeMounts", body):
            if "subPath" in mount and mount["name"] in maps:
                assert re.search(r"-[0-9a-f]{10}$", maps[mount["name"]])


def test_where_the_cache_of_a_mount_lies_is_the_drivers_affair() -> None:
    """On the node's temporary disk: nobody says `--tmp-path`, nor what the driver says itself."""
    options = [option for body in of_kind("PersistentVolume") for option in body["spec"]["mountOptions"]]
    assert options
    assert not [option for option in options if option.startswith(("--tmp-path", "--config-file", "--container-name"))]


def test_a_route_sends_to_services_of_its_own_namespace() -> None:
    """To another namespace's it would need a ReferenceGrant there."""
    for body in of_kind("HTTPRoute"):
        backends = list(listed("backendRefs", body))
        assert backends
        assert not [backend for backend in backends if "namespace" in backend]


def test_gpus_are_whole_numbers_in_quotes_requested_as_they_are_limited() -> None:
    pairs = [
        (one["requests"], one.get("limits", {})) for body in objects() for one in inside(body) if "requests" in one
    ]
    counts = [(requests.get(GPU), limits[GPU]) for requests, limits in pairs if GPU in limits]
    assert counts
    assert all(requested == limited and limited.isdecimal() for requested, limited in counts)


def test_every_pod_template_has_the_labels_that_selectors_need() -> None:
    """Kustomize adds none to those of custom resources; those of Spark's pods stand beside their cores."""
    wanted = {"app.kubernetes.io/name", "app.kubernetes.io/component", "mlgen.dev/project", "mlgen.dev/workload"}
    for body in of_kind("TFJob", "PyTorchJob", "SparkApplication", "ScheduledSparkApplication", "Deployment", "Job"):
        templates = [one for one in inside(body["spec"]) if "containers" in one.get("spec", {})]
        labels = [one["metadata"]["labels"] for one in templates]
        labels += [one["labels"] for one in inside(body["spec"]) if "coreRequest" in one]
        assert labels
        assert all(wanted <= found.keys() for found in labels), body["metadata"]["name"]


def test_every_container_keeps_to_the_restricted_standard() -> None:
    """Containers of custom resources too; the rest stands in the pod's security context."""
    every = [body for body in objects() if body["kind"] != "TrainJob"]  # which patches its runtime's containers
    found = [one for body in every for one in listed("containers", body)]
    found += [one for body in every for one in inside(body) if "coreRequest" in one]
    assert len(found) > 50
    for container in found:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_every_pod_has_an_account_of_its_workload() -> None:
    """Rights and the workload's identity hang on it: the namespace's own account has neither. Its token is mounted only
    where a program speaks to the API server: a pipeline's, and what starts its workers through it."""
    for body in objects():
        for pod in (one for one in inside(body) if "containers" in one and body["kind"] != "TrainJob"):
            assert pod["serviceAccountName"] != "default"
            driver = [one["name"] for one in pod["containers"]] == ["spark-kubernetes-driver"]
            scales = any(found.get("enableInTreeAutoscaling") for found in inside(body))  # a container of Ray's does
            speaks = driver or scales or body["kind"] == "MPIJob" or body["metadata"]["name"] in PIPELINES
            assert pod["automountServiceAccountToken"] is False or speaks
