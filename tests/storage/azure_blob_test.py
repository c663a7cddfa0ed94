"""Azure blob storage: options for each freshness, names by content, one fate for volume and claim."""

from typing import Any

import pytest
from tests.small import built, problems

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


COMMON = ["--cancel-list-on-mount-seconds=10", "--log-level=LOG_WARNING"]
ACCESS = {"read": (["--read-only=true"], []), "write": ([], ["--disable-writeback-cache=true"])}


def caches(age: int) -> list[str]:
    """Five caches answer to one word: files, attributes, and the kernel's attributes, entries and absences."""
    timeouts = "file-cache-timeout-in-seconds attr-cache-timeout attr-timeout entry-timeout negative-timeout".split()
    return [f"--{timeout}={age}" for timeout in timeouts]


@pytest.mark.parametrize("access", ["read", "write"])
@pytest.mark.parametrize(
    ("freshness", "first", "last"),
    [
        ("always", ["-o direct_io", *caches(0)], []),
        ("30s", caches(30), ["--disable-kernel-cache=true"]),
        ("1h", caches(3600), ["--disable-kernel-cache=true"]),
        ("2d", caches(172800), ["--disable-kernel-cache=true"]),
        ("never", caches(604800), []),
    ],
)
def test_the_options_for_each_freshness(access: str, freshness: str, first: list[str], last: list[str]) -> None:
    """As Microsoft's pages on BlobFuse say: direct_io for no cache at all, which then must not come with
    disable-kernel-cache; that and the timeouts for an age; and nothing but long timeouts for what never changes."""
    before, after = ACCESS[access]
    wanted = ["-o allow_other", "--subdirectory=features", *before, *first, *last, *after, *COMMON]
    assert volume(access, freshness)["spec"]["mountOptions"] == wanted


def test_an_option_is_one_item_even_with_a_space_in_it() -> None:
    """Gotcha: `mountOptions` strings are not flags alone: `-o allow_other` is one list item; flags are --flag=value."""
    for option in volume("write", "always")["spec"]["mountOptions"]:
        assert option.startswith("-o ") or (option.startswith("--") and "=" in option and " " not in option)


@pytest.mark.parametrize("access", ["read", "write"])
def test_a_data_lake_account_is_mounted_as_one(access: str) -> None:
    """Gotcha: ADLS Gen2 needs --use-adls=true. Another account must not have it, and keeps its volume."""
    lake = SECRET.replace("account:", "hierarchicalNamespace: true, account:")
    assert volume(access, environment=lake)["spec"]["mountOptions"].count("--use-adls=true") == 1
    flat = SECRET.replace("account:", "hierarchicalNamespace: false, account:")
    assert volume(access, environment=flat) == volume(access)
    assert not [option for option in volume(access)["spec"]["mountOptions"] if "adls" in option]


def test_an_age_beyond_what_a_kernel_can_count_is_a_month() -> None:
    """Kept for less time than asked is fresher than asked; blobfuse2 counts seconds in 32 bits."""
    assert "--file-cache-timeout-in-seconds=2592000" in volume(freshness="99999999d")["spec"]["mountOptions"]


def test_the_groups_of_pods_are_not_asked() -> None:
    """Gotcha: fsGroup is ignored by blobfuse. With allow_other every user may write, so that workloads of different
    users share one volume."""
    spec = SPEC % ("write", "1h") + "  other: {kind: job, image: ghcr.io/a/b:1, runAsUser: 4711, data: [features]}\n"
    objects = built(spec, SECRET)
    volumes = [body for name, body in objects.items() if name.startswith("PersistentVolume/")]
    assert len(volumes) == 1
    assert not [option for option in volumes[0]["spec"]["mountOptions"] if "id=" in option]


def test_an_environment_without_blob_storage_says_what_it_could_have() -> None:
    [problem] = problems(SPEC % ("read", "1h"))
    assert (problem.rule, problem.span.file, problem.span.line) == ("no-blob-storage", "projects/demo/mlgen.yaml", 6)
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]


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
