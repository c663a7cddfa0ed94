"""Azure blob storage through NFS 3: options for each freshness, folders, no credentials, many writers."""

from typing import Any

import pytest
from tests.small import built, platform

SPEC = """\
data:
  features: {blob: churn/features/daily, access: %s, freshness: %s}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [features]}
"""
NFS = "storage: {blob: {driver: azure-blob-nfs, account: acmemlnfs, resourceGroup: ml}}\n"
FOUR = "storage: {blob: {driver: azure-blob-nfs, account: acmemlnfs, resourceGroup: ml, connections: 4}}\n"
FUSE = "storage: {blob: {driver: azure-blob, account: acmemlnfs, resourceGroup: ml}}\n"


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def volume(access: str = "write", freshness: str = "1h", environment: str = NFS) -> Any:
    return of_kind(built(SPEC % (access, freshness), environment), "PersistentVolume")


@pytest.mark.parametrize(
    ("freshness", "reading", "writing"),
    [
        ("always", ["noac", "lookupcache=none"], ["noac", "lookupcache=none"]),
        ("30s", ["actimeo=30"], ["actimeo=30"]),
        ("1h", ["actimeo=3600"], ["actimeo=3600"]),
        ("never", ["actimeo=604800", "nocto"], ["actimeo=604800"]),
    ],
)
def test_the_options_for_each_freshness(freshness: str, reading: list[str], writing: list[str]) -> None:
    """As nfs(5) says: noac and no lookup cache for what others must see at once, one age for all attributes, and
    nocto where nothing changes and nobody writes."""
    assert volume("read", freshness)["spec"]["mountOptions"] == reading
    assert volume("write", freshness)["spec"]["mountOptions"] == writing


def test_options_are_the_words_of_mount() -> None:
    """Gotcha: NFS uses mount(8) words, not blobfuse2's flags; version, security and nolock are the driver's own."""
    for freshness in ("always", "30s", "never"):
        for option in volume("read", freshness, FOUR)["spec"]["mountOptions"]:
            assert not option.startswith("-")
            assert not option.startswith(("vers", "sec", "nolock"))


def test_several_connections_are_asked_for() -> None:
    """Gotcha: nconnect does not work on Azure Linux, so that nobody gets it unasked."""
    assert volume(environment=FOUR)["spec"]["mountOptions"] == ["nconnect=4", "actimeo=3600"]


def test_the_protocol_is_said_and_no_credential() -> None:
    """Gotcha: the driver's default protocol is blobfuse 1; NFS needs no secret."""
    csi = volume()["spec"]["csi"]
    assert csi["driver"] == "blob.csi.azure.com"
    assert csi["volumeAttributes"] == {
        "protocol": "nfs",
        "resourceGroup": "ml",
        "storageAccount": "acmemlnfs",
        "containerName": "churn",
        "fsGroupChangePolicy": "None",  # nobody's group is given every file
    }
    assert "nodeStageSecretRef" not in csi


def test_a_folder_is_the_containers_view() -> None:
    """Azure's NFS 3 mounts whole containers only."""
    objects = built(SPEC % ("write", "1h"), NFS)
    container = of_kind(objects, "Job")["spec"]["template"]["spec"]["containers"][0]
    assert container["volumeMounts"] == [
        {"name": "features", "mountPath": "/data/features", "subPath": "features/daily"}
    ]
    whole = built(SPEC.replace("churn/features/daily", "churn") % ("write", "1h"), NFS)
    container = of_kind(whole, "Job")["spec"]["template"]["spec"]["containers"][0]
    assert container["volumeMounts"] == [{"name": "features", "mountPath": "/data/features"}]


def test_a_reader_reads_only_in_all_three_places() -> None:
    objects = built(SPEC % ("read", "1h"), NFS)
    pv, pvc = of_kind(objects, "PersistentVolume"), of_kind(objects, "PersistentVolumeClaim")
    assert pv["spec"]["csi"]["readOnly"] is True
    assert pv["spec"]["accessModes"] == pvc["spec"]["accessModes"] == ["ReadOnlyMany"]
    assert of_kind(objects, "Job")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"][0]["readOnly"] is True


def test_another_driver_is_another_volume() -> None:
    assert volume()["metadata"]["name"] != volume(environment=FUSE)["metadata"]["name"]


def refused(storage: str) -> list[tuple[str, str, str]]:
    found = platform(SPEC % ("write", "1h"), f"storage: {{blob: {{{storage}}}}}\n").problems
    return [(problem.rule, problem.message, problem.help) for problem in found]


def test_messages_pick_the_driver_by_its_name() -> None:
    [(rule, message, hint)] = refused("driver: azure-blob-nfs, account: acmeml, resourceGroup: ml, secret: key")
    assert (rule, message) == ("unknown-key", "unknown key `secret` in `blob`")
    assert hint.startswith("NFS takes no credentials")
    [(rule, _, hint)] = refused("driver: azure-blob, account: acmeml, resourceGroup: ml, connections: 4")
    assert (rule, hint) == ("unknown-key", "only `driver: azure-blob-nfs` takes it")
    [(rule, message, hint)] = refused("driver: azure-blob-nsf, account: acmeml, resourceGroup: ml")
    assert (rule, hint) == ("not-allowed", "did you mean `azure-blob-nfs`?")
    [(rule, message, _)] = refused("account: acmeml, resourceGroup: ml")
    assert (rule, message) == ("missing-key", "`driver` is missing in `blob`")


def test_an_environment_says_only_what_it_changes_of_base() -> None:
    base = "storage: {blob: {driver: azure-blob-nfs, account: acmeml, resourceGroup: ml}}\n"
    found = platform(SPEC % ("write", "1h"), "storage: {blob: {account: acmemldev}}\n", base=base)
    assert found.problems == ()
    blob = found.environments["dev"]["storage"]["blob"]
    assert {key: node.value for key, node in blob.entries.items()} == {
        "driver": "azure-blob-nfs",
        "account": "acmemldev",
        "resourceGroup": "ml",
    }
