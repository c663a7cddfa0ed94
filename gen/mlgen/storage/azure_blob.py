"""Azure Blob Storage through blobfuse2 -> a static PersistentVolume and its claim, named by their content.

The options are those of the blob CSI driver (kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md) and of
blobfuse2 (Azure/azure-storage-fuse).
"""

from mlgen.node import Node
from mlgen.objects import Object, content_hash, labels
from mlgen.problem import MlgenError, Problem
from mlgen.quantity import seconds
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, Made, made, said

DRIVER = "blob.csi.azure.com"
CAPACITY = "1Ti"  # the driver ignores it, but volume and claim must agree
NEVER_CHANGES = 7 * 24 * 3600


def mount(use: Use) -> Mounted:
    """Volume and claim share one fate: both carry the same hash, hold no data and bind only each other."""
    offer = use.site.offer["storage"]["blob"]
    _one_credential(offer)
    mode = made("ReadOnlyMany" if use.read_only else "ReadWriteMany", use.entry.get("access") or use.entry)
    container, _, folder = said(use.entry["blob"]).partition("/")
    spec: dict[str, Draft] = {
        "capacity": {"storage": CAPACITY},
        "accessModes": [mode],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
        "mountOptions": options(use, folder),
    }
    attributes: dict[str, Draft] = {
        "protocol": "fuse2",
        "resourceGroup": offer["resourceGroup"],
        "storageAccount": offer["account"],
        "containerName": made(container, use.entry["blob"]),
        "clientID": offer.find("identity", "clientId"),
    }
    secret = offer.get("secret")
    suffix = content_hash(spec, attributes, secret if secret is not None else "")
    claim = use.site.object_name(f"{said(use.name)}-{'ro' if use.read_only else 'rw'}-{suffix}")
    # Volumes belong to the cluster: their names and handles carry the namespace.
    volume = f"{said(use.site.namespace)}-{claim}"
    spec["claimRef"] = {"namespace": use.site.namespace, "name": made(claim, use.name)}
    spec["csi"] = {
        "driver": DRIVER,
        "readOnly": True if use.read_only else None,
        "volumeHandle": made(f"{said(offer['account'])}_{container}_{volume}", offer["account"], use.entry["blob"]),
        "volumeAttributes": attributes,
        "nodeStageSecretRef": {"name": secret, "namespace": use.site.namespace} if secret is not None else None,
    }
    return Mounted(
        {"persistentVolumeClaim": {"claimName": made(claim, use.name), "readOnly": True if use.read_only else None}},
        (
            _volume(use, made(volume, use.name, use.site.namespace), spec),
            _claim(use, made(claim, use.name), volume, mode),
        ),
    )


def options(use: Use, folder: str) -> list[Draft]:
    """The mount options for the freshness asked for: five caches answer to that one word.

    The kernel's page cache outlives blobfuse2's own unless it is switched off (Azure/azure-storage-fuse#1946);
    a writer also needs the write-back cache off, so that others see what it wrote.
    """
    fresh = use.entry["freshness"]
    age = 0 if fresh.value == "always" else NEVER_CHANGES if fresh.value == "never" else seconds(said(fresh))
    timeouts = (
        "file-cache-timeout-in-seconds",
        "attr-cache-timeout",
        "attr-timeout",
        "entry-timeout",
        "negative-timeout",
    )
    result: list[Draft] = ["-o allow_other"]
    if folder:
        result.append(made(f"--subdirectory={folder}", use.entry["blob"]))
    if use.read_only:
        result.append("--read-only=true")
    if fresh.value == "always":
        result.append(made("-o direct_io", fresh))
    result += [made(f"--{timeout}={age}", fresh) for timeout in timeouts]
    if fresh.value != "never":
        result.append(made("--disable-kernel-cache=true", fresh))
    if not use.read_only:
        result.append("--disable-writeback-cache=true")
    return [*result, "--cancel-list-on-mount-seconds=10", "--log-level=LOG_WARNING"]


def _volume(use: Use, name: Made, spec: dict[str, Draft]) -> Object:
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": name,
            "labels": labels(use.site, use.name),
            "annotations": {"pv.kubernetes.io/provisioned-by": DRIVER},
        },
        "spec": spec,
    }
    return Object(body, (use.entry,), shared=False)


def _claim(use: Use, name: Made, volume: str, mode: Made) -> Object:
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": use.site.namespace, "labels": labels(use.site, use.name)},
        "spec": {
            "accessModes": [mode],
            "storageClassName": "",
            "volumeName": made(volume, use.name, use.site.namespace),
            "resources": {"requests": {"storage": CAPACITY}},
        },
    }
    return Object(body, (use.entry,), shared=False)


def _one_credential(offer: Node) -> None:
    if "identity" in offer and "secret" in offer:
        message = "blob storage has both an identity and a secret, and the driver would use only one"
        raise MlgenError(Problem("two-credentials", offer.key_span("secret"), message, "keep one of the two"))
