"""Azure blob storage: options for each freshness, names by content, one fate for volume and claim."""

from typing import Any

import pytest
from tests.small import built

SPEC = """\
data:
  features: {blob: churn/features, access: %s, freshness: %s}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [features]}
"""
SECRET = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}}\n"
IDENTITY = """\
storage:
  blob:
    driver: azure-blob
    account: acmeml
    resourceGroup: ml
    identity: {clientId: 00000000-1111-2222-3333-444444444444}
"""


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def volume(access: str = "read", freshness: str = "1h", environment: str = SECRET) -> Any:
    return of_kind(built(SPEC % (access, freshness), environment), "PersistentVolume")


@pytest.mark.parametrize(("freshness", "age"), [("30s", 30), ("1h", 3600), ("2d", 172800)])
@pytest.mark.parametrize("access", ["read", "write"])
def test_all_five_caches_follow_one_word(access: str, freshness: str, age: int) -> None:
    options = volume(access, freshness)["spec"]["mountOptions"]
    for cache in "file-cache-timeout-in-seconds attr-cache-timeout attr-timeout entry-timeout negative-timeout".split():
        assert f"--{cache}={age}" in options
    assert "--disable-kernel-cache=true" in options
    assert ("--read-only=true" in options) == (access == "read")
    assert ("--disable-writeback-cache=true" in options) == (access == "write")


def test_always_fresh_is_direct_io_without_any_cache() -> None:
    options = volume(freshness="always")["spec"]["mountOptions"]
    assert "-o direct_io" in options
    assert "--file-cache-timeout-in-seconds=0" in options


def test_what_never_changes_may_stay_in_the_kernels_cache() -> None:
    options = volume(freshness="never")["spec"]["mountOptions"]
    assert "--disable-kernel-cache=true" not in options
    assert "--file-cache-timeout-in-seconds=604800" in options


def test_the_container_and_the_folder_are_mounted() -> None:
    spec = volume()["spec"]
    assert spec["csi"]["volumeAttributes"]["containerName"] == "churn"
    assert "--subdirectory=features" in spec["mountOptions"]
    assert spec["csi"]["volumeAttributes"]["protocol"] == "fuse2"  # the driver's default is blobfuse 1


def test_volume_and_claim_bind_only_each_other_and_hold_nothing_back() -> None:
    objects = built(SPEC % ("write", "1h"), SECRET)
    pv, pvc = of_kind(objects, "PersistentVolume"), of_kind(objects, "PersistentVolumeClaim")
    assert pv["spec"]["claimRef"] == {"namespace": pvc["metadata"]["namespace"], "name": pvc["metadata"]["name"]}
    assert pvc["spec"]["volumeName"] == pv["metadata"]["name"]
    assert pvc["spec"]["storageClassName"] == pv["spec"]["storageClassName"] == ""
    assert pv["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert pvc["metadata"]["name"].rpartition("-")[2] == pv["metadata"]["name"].rpartition("-")[2]


def test_names_and_handles_of_the_cluster_carry_the_namespace() -> None:
    pv = volume()
    assert pv["metadata"]["name"].startswith("ml-demo-dev-")
    assert "ml-demo-dev" in pv["spec"]["csi"]["volumeHandle"]
    assert "#" not in pv["spec"]["csi"]["volumeHandle"]


def test_read_only_is_said_in_all_three_places() -> None:
    objects = built(SPEC % ("read", "1h"), SECRET)
    pv, pvc = of_kind(objects, "PersistentVolume"), of_kind(objects, "PersistentVolumeClaim")
    assert pv["spec"]["csi"]["readOnly"] is True
    assert pv["spec"]["accessModes"] == pvc["spec"]["accessModes"] == ["ReadOnlyMany"]
    container = of_kind(objects, "Job")["spec"]["template"]["spec"]["containers"][0]
    assert container["volumeMounts"] == [{"name": "features", "mountPath": "/data/features", "readOnly": True}]


def test_a_change_of_options_is_a_new_volume() -> None:
    assert volume(freshness="1h")["metadata"]["name"] != volume(freshness="2h")["metadata"]["name"]
    assert volume(environment=SECRET)["metadata"]["name"] != volume(environment=IDENTITY)["metadata"]["name"]


def test_credentials_are_a_secret_or_an_identity() -> None:
    csi = volume(environment=SECRET)["spec"]["csi"]
    assert csi["nodeStageSecretRef"] == {"name": "acmeml-blob", "namespace": "ml-demo-dev"}
    csi = volume(environment=IDENTITY)["spec"]["csi"]
    assert "nodeStageSecretRef" not in csi
    assert csi["volumeAttributes"]["clientID"] == "00000000-1111-2222-3333-444444444444"
