"""``{snapshot: NAME, size: SIZE}`` -> a claim restored from a VolumeSnapshot, named by its content and only read.

A claim holds its version for as long as it is there: another snapshot, another claim, and runs of before keep theirs.
It holds a copy, so deleting it deletes nothing (kubernetes.io, concepts/storage/persistent-volumes, Volume Snapshot and
Restore Volume from Snapshot Support).
"""

from mlgen.objects import Object, content_hash, labels
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said

GROUP = "snapshot.storage.k8s.io"


def mount(use: Use) -> Mounted:
    """The claim, of the environment's class for them; without one, of the cluster's own."""
    offer = use.site.offer.find("storage", "snapshots")
    shared = offer.get("shared") if offer is not None else None
    many = shared is not None and shared.value is True
    spec: dict[str, Draft] = {
        "accessModes": [made("ReadOnlyMany" if many else "ReadWriteOnce", shared or use.entry["snapshot"])],
        "storageClassName": offer.get("storageClass") if offer is not None else None,
        "dataSource": {"apiGroup": GROUP, "kind": "VolumeSnapshot", "name": use.entry["snapshot"]},
        "resources": {"requests": {"storage": use.entry["size"]}},
    }
    name = made(use.site.object_name(f"{said(use.name)}-{content_hash(spec)}"), use.name)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": use.site.namespace, "labels": labels(use.site, use.name)},
        "spec": spec,
    }
    volume: Draft = {"persistentVolumeClaim": {"claimName": name, "readOnly": True}}
    return Mounted(volume, (Object(body, (use.entry,), shared=False),))
