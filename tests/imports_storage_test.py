"""Volumes of the drivers that mlgen knows become data, and the environment's storage; the others stay what they are."""

from typing import Any

import pytest
import yaml
from tests.imports_test import came, complete, notes

from mlgen.imports import told

BLOB = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: telemetry}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadOnlyMany]
  storageClassName: azureblob-fuse-premium
  mountOptions: ["-o allow_other", "--file-cache-timeout-in-seconds=3600", "--subdirectory=raw", "--block-cache"]
  csi:
    driver: blob.csi.azure.com
    volumeHandle: acmeml_telemetry
    volumeAttributes: {containerName: telemetry, storageAccount: acmeml, resourceGroup: ml, protocol: fuse2}
    nodeStageSecretRef: {name: acmeml-blob, namespace: ml}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: telemetry, namespace: ml}
spec: {accessModes: [ReadOnlyMany], volumeName: telemetry, resources: {requests: {storage: 10Gi}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: features, namespace: ml}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: x, image: "ghcr.io/acme/f:1", volumeMounts: [{name: in, mountPath: /in}]}]
      volumes: [{name: in, persistentVolumeClaim: {claimName: telemetry}}]
"""
WRITTEN = ("accessModes: [ReadOnlyMany]", "accessModes: [ReadWriteMany]")
# By driver: what stands in the place of the blob's volume, the data, and the storage of the environment.
DRIVERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "blob": (
        "",
        {"blob": "telemetry/raw", "freshness": "1h", "path": "/in"},
        {"blob": {"driver": "azure-blob", "account": "acmeml", "resourceGroup": "ml", "secret": "acmeml-blob"}},
    ),
    "nfs": (
        """
  csi:
    driver: blob.csi.azure.com
    volumeHandle: x
    volumeAttributes: {protocol: nfs, containerName: telemetry, storageAccount: acmeml, resourceGroup: ml}
""",
        {"blob": "telemetry", "freshness": "1m", "path": "/in"},
        {"blob": {"driver": "azure-blob-nfs", "account": "acmeml", "resourceGroup": "ml"}},
    ),
    "files": (
        """
  csi:
    driver: file.csi.azure.com
    volumeHandle: x
    volumeAttributes: {shareName: notes, storageAccount: acmeml, resourceGroup: ml}
    nodeStageSecretRef: {name: acmeml-files, namespace: ml}
""",
        {"files": "notes", "access": "read", "size": "10Gi", "path": "/in"},
        {"files": {"driver": "azure-files", "account": "acmeml", "resourceGroup": "ml", "secret": "acmeml-files"}},
    ),
    "s3": (
        "\n  csi: {driver: s3.csi.aws.com, volumeHandle: x, volumeAttributes: {bucketName: acme-telemetry}}\n",
        {"blob": "acme-telemetry/raw", "freshness": "1m", "path": "/in"},
        {"blob": {"driver": "s3"}},
    ),
    "gcs": (
        "\n  csi: {driver: gcsfuse.csi.storage.gke.io, volumeHandle: acme-telemetry}\n",
        {"blob": "acme-telemetry/raw", "freshness": "1m", "path": "/in"},
        {"blob": {"driver": "gcs"}},
    ),
}
OPTIONS = {
    "nfs": '["actimeo=60"]',
    "files": '["dir_mode=0770", "uid=1000", "mfsymlinks"]',
    "s3": '["prefix raw/", "metadata-ttl 60", "read-only"]',
    "gcs": '["only-dir=raw", "metadata-cache:ttl-secs:60", "implicit-dirs"]',
}


def volume(driver: str) -> str:
    """The manifests with a volume of that driver."""
    text = DRIVERS[driver][0]
    if not text:
        return BLOB
    head, _, rest = BLOB.partition("  mountOptions:")
    return f"{head}  mountOptions: {OPTIONS[driver]}{text}---{rest.partition('---')[2]}"


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_volume_of_a_known_driver_is_data(driver: str) -> None:
    _, entry, storage = DRIVERS[driver]
    found = came(volume(driver), "demo")
    assert complete(found)
    spec = yaml.safe_load(found.text)
    assert spec["data"] == {"telemetry": entry}
    assert spec["workloads"]["features"]["data"] == ["telemetry"]
    assert "manifests" not in spec
    assert found.found["dev"].shared.needs.lines()["storage"] == storage


def test_what_is_written_is_said() -> None:
    found = came(BLOB.replace(*WRITTEN), "demo")
    assert complete(found)
    assert yaml.safe_load(found.text)["data"]["telemetry"]["access"] == "write"


def test_an_option_that_mlgen_does_not_have_is_told() -> None:
    found = came(BLOB, "demo")
    lost = [problem for problem in told.problems(found) if problem.rule == "not-carried"]
    assert [problem.message for problem in lost] == ["`spec.mountOptions[3]` is not in the spec"]
    assert notes(found)["spec.mountOptions[1]"] == "the data's `freshness` and `access`, or mlgen's own"


def test_an_attribute_that_mlgen_does_not_set_keeps_volume_and_claim_whole() -> None:
    found = came(BLOB.replace("protocol: fuse2", "protocol: fuse2, useDataPlaneAPI: 'true'"), "demo")
    assert complete(found)
    spec = yaml.safe_load(found.text)
    assert spec["data"] == {"in": {"claim": "telemetry", "access": "write", "path": "/in"}}
    assert [one["kind"] for one in spec["manifests"]] == ["PersistentVolume", "PersistentVolumeClaim"]


def test_of_two_accounts_the_environment_has_one() -> None:
    other = BLOB.replace("telemetry", "other").replace("acmeml", "second").replace("name: features", "name: train")
    found = came(f"{BLOB}---{other}", "demo")
    assert complete(found)
    data = yaml.safe_load(found.text)["data"]
    assert data["telemetry"] == {"blob": "telemetry/raw", "freshness": "1h", "path": "/in"}
    assert {"claim": "other", "access": "write", "path": "/in"} in data.values()


def test_a_volume_that_no_workload_uses_stays_whole() -> None:
    found = came(BLOB.replace("claimName: telemetry", "claimName: another"), "demo")
    assert complete(found)
    assert [one["kind"] for one in yaml.safe_load(found.text)["manifests"]] == [
        "PersistentVolume",
        "PersistentVolumeClaim",
    ]


def test_the_old_driver_is_refused_with_the_way_out() -> None:
    flex = "flexVolume: {driver: azure/blobfuse, secretRef: {name: creds}, options: {container: telemetry}}"
    found = came(BLOB.replace("persistentVolumeClaim: {claimName: telemetry}", flex), "demo")
    problem = next(problem for problem in told.problems(found) if problem.severity == "error")
    assert (problem.rule, problem.span.line) == ("not-carried", 29)
    assert "write `data: {in: {blob: telemetry}}`" in problem.help
    assert "flexVolume" not in found.text
    assert complete(found)
