"""S3 through Mountpoint: options for each freshness, whose volume it is, who reads it, what cannot be done there."""

from typing import Any

import pytest
from tests.small import built, place, problems

SPEC = """\
data:
  features: {blob: churn/features, access: %s, freshness: %s}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [features]}
"""
BUCKET = "storage: {blob: {driver: s3, bucket: acme-ml, region: eu-west-1}}\n"
OWN = "storage: {blob: {driver: s3}}\n"
CACHED = "storage: {blob: {driver: s3, bucket: acme-ml, identity: pod, cache: 20Gi}}\n"
ROLE = 'workloadIdentity: {role: "arn:aws:iam::111122223333:role/ml"}\n'


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def volume(access: str = "read", freshness: str = "1h", environment: str = BUCKET) -> Any:
    return of_kind(built(SPEC % (access, freshness), environment), "PersistentVolume")


COMMON = ["allow-other", "uid 1000", "gid 1000", "region eu-west-1", "prefix churn/features/"]
ACCESS = {"read": ["read-only"], "write": ["allow-delete", "allow-overwrite"]}


@pytest.mark.parametrize("access", ["read", "write"])
@pytest.mark.parametrize(
    ("freshness", "age"), [("always", "minimal"), ("30s", "30"), ("1h", "3600"), ("never", "indefinite")]
)
def test_the_options_for_each_freshness(access: str, freshness: str, age: str) -> None:
    """As Mountpoint's page on configuration says: one age for metadata, and whatever is kept is as old as that."""
    wanted = [*COMMON, *ACCESS[access], f"metadata-ttl {age}"]
    assert volume(access, freshness)["spec"]["mountOptions"] == wanted


def test_options_are_words_with_their_value_behind_a_space() -> None:
    """Gotcha: Mountpoint S3 uses `key value`. The driver refuses `-o`, and a prefix ends in a slash."""
    for option in volume("write", "always")["spec"]["mountOptions"]:
        assert not option.startswith("-")
        assert "=" not in option
        assert option.endswith("/") is option.startswith("prefix ")


def test_every_container_is_a_folder_of_the_bucket_or_a_bucket_itself() -> None:
    one, own = volume(), volume(environment=OWN)
    assert one["spec"]["csi"]["volumeAttributes"] == {"bucketName": "acme-ml"}
    assert own["spec"]["csi"]["volumeAttributes"] == {"bucketName": "churn"}
    assert "prefix features/" in own["spec"]["mountOptions"]
    whole = built(SPEC.replace("churn/features", "churn") % ("read", "1h"), OWN)
    assert not [found for found in of_kind(whole, "PersistentVolume")["spec"]["mountOptions"] if "prefix" in found]


def test_there_is_one_volume_for_each_user() -> None:
    """The owner of a file cannot be changed once it is mounted."""
    spec = SPEC % ("write", "1h") + "  other: {kind: job, image: ghcr.io/a/b:1, runAsUser: 4711, data: [features]}\n"
    volumes = [body for name, body in built(spec, BUCKET).items() if name.startswith("PersistentVolume/")]
    assert sorted(body["spec"]["mountOptions"][1] for body in volumes) == ["uid 1000", "uid 4711"]


def test_what_is_kept_is_bounded_and_never_out_of_date_at_once() -> None:
    attributes = volume(environment=CACHED)["spec"]["csi"]["volumeAttributes"]
    assert (attributes["cache"], attributes["cacheEmptyDirSizeLimit"]) == ("emptyDir", "20Gi")
    assert "cache" not in volume("read", "always", CACHED)["spec"]["csi"]["volumeAttributes"]


def test_the_account_of_the_workload_may_be_the_one_that_reads() -> None:
    objects = built(SPEC % ("read", "1h"), CACHED + ROLE)
    assert of_kind(objects, "PersistentVolume")["spec"]["csi"]["volumeAttributes"]["authenticationSource"] == "pod"
    notes = objects["ServiceAccount/train"]["metadata"]["annotations"]
    assert notes["eks.amazonaws.com/role-arn"] == "arn:aws:iam::111122223333:role/ml"
    pod = of_kind(objects, "Job")["spec"]["template"]
    assert pod["spec"]["serviceAccountName"] == "train"
    assert "azure.workload.identity/use" not in pod["metadata"]["labels"]


def test_volume_and_claim_bind_only_each_other_and_know_no_secret() -> None:
    """Gotcha: static provisioning only, an empty class, a claimRef; one handle for each volume."""
    objects = built(SPEC % ("read", "1h"), BUCKET)
    pv, pvc = of_kind(objects, "PersistentVolume"), of_kind(objects, "PersistentVolumeClaim")
    assert pv["spec"]["claimRef"] == {"namespace": pvc["metadata"]["namespace"], "name": pvc["metadata"]["name"]}
    assert pvc["spec"]["storageClassName"] == pv["spec"]["storageClassName"] == ""
    assert pv["spec"]["accessModes"] == pvc["spec"]["accessModes"] == ["ReadOnlyMany"]
    assert pv["spec"]["csi"]["volumeHandle"] == f"acme-ml_{pv['metadata']['name']}"
    assert not [key for key in pv["spec"]["csi"] if "Secret" in key]


@pytest.mark.parametrize("other", [OWN, CACHED, BUCKET.replace("acme-ml", "acme-2"), BUCKET.replace("west", "north")])
def test_another_bucket_identity_or_cache_is_another_volume(other: str) -> None:
    assert volume(environment=other)["metadata"]["name"] != volume()["metadata"]["name"]


def test_what_reads_or_writes_whole_files_is_not_warned_of() -> None:
    notebook = "workloads:\n  lab: {kind: notebook, users: [anna], image: ghcr.io/a/b:1, data: [features]}\n"
    data = "data: {features: {blob: churn/features, access: %s}}\n"
    assert [found.rule for found in problems(data % "read" + notebook, BUCKET)] == []
    assert [found.rule for found in problems(data % "write" + notebook, BUCKET)] == ["whole-files-only"]
    assert [found.rule for found in problems(SPEC % ("write", "1h"), BUCKET)] == []


def test_a_server_reads_its_model_there_and_tensorboard_its_logs() -> None:
    """Both may only read, whatever the training may; where logs grow, the warning is the training's."""
    spec = """\
data: {models: {blob: churn/models, access: write}}
workloads:
  train: {kind: pytorch, image: "ghcr.io/a/b:1", data: [models], tensorboard: models/logs}
  serve:
    kind: serving
    server: tensorflow-serving
    image: "ghcr.io/a/b:1"
    model: {data: models, name: churn, version: 42}
"""
    found = {f"{one.ref.kind}/{one.ref.name}": one.body for one in place(spec, BUCKET).manifests}
    volumes: dict[str, Any] = {name: body for name, body in found.items() if name.startswith("PersistentVolume/")}
    assert sorted("read-only" in body["spec"]["mountOptions"] for body in volumes.values()) == [False, True]
    [reading] = [body for body in volumes.values() if "read-only" in body["spec"]["mountOptions"]]
    for name in ("train-tensorboard", "serve"):
        server: Any = found[f"Deployment/{name}"]
        pod = server["spec"]["template"]["spec"]
        claims = [one["persistentVolumeClaim"] for one in pod["volumes"] if "persistentVolumeClaim" in one]
        assert claims == [{"claimName": reading["spec"]["claimRef"]["name"], "readOnly": True}]
    assert [one.rule for one in problems(spec, BUCKET)] == ["whole-files-only"]
