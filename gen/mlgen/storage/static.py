"""Something that exists outside the cluster -> a static PersistentVolume and its claim, named by their content.

Neither holds data: deleting them deletes nothing, and whatever changes in them makes new ones (facts of Kubernetes:
``spec.csi`` of a volume and ``volumeName`` of a claim never change).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlgen.node import Node
from mlgen.objects import Object, content_hash, labels
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, Made, made, said


class Source(NamedTuple):
    """What ``driver`` mounts, and how: ``root`` says what is mounted and begins the handle; a ``secret`` may open it.
    Where ``untold``, no attribute says what is mounted: the driver reads it from the handle.
    Drivers ignore the capacity, but volume and claim must agree on it."""

    driver: str
    secret: Node | None
    root: Made
    attributes: Mapping[str, Draft]
    options: Sequence[Draft]
    capacity: Draft
    untold: bool = False


def mount(use: Use, source: Source) -> Mounted:
    """Volume and claim share one fate: both carry the same hash and bind only each other."""
    mode = made("ReadOnlyMany" if use.read_only else "ReadWriteMany", use.entry.get("access") or use.entry)
    spec: dict[str, Draft] = {
        "capacity": {"storage": source.capacity},
        "accessModes": [mode],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
        "mountOptions": source.options,
    }
    told: tuple[Draft, ...] = (source.attributes, source.secret if source.secret is not None else "")
    suffix = content_hash(spec, *told, *([source.root] if source.untold else []))
    claim = use.site.object_name(f"{said(use.name)}-{'ro' if use.read_only else 'rw'}-{suffix}")
    # Volumes belong to the cluster: their names carry the namespace.
    volume = f"{said(use.site.namespace)}-{claim}"
    spec["claimRef"] = {"namespace": use.site.namespace, "name": made(claim, use.name)}
    spec["csi"] = _csi(use, source, volume)
    flag = True if use.read_only else None
    return Mounted(
        {"persistentVolumeClaim": {"claimName": made(claim, use.name), "readOnly": flag}},
        (
            _volume(use, source, made(volume, use.name, use.site.namespace), spec),
            _claim(use, source, made(claim, use.name), volume, mode),
        ),
    )


def _csi(use: Use, source: Source, volume: str) -> Draft:
    """The handle is the volume's, not the container's: of two volumes with one handle only one would be mounted."""
    secret = source.secret
    return {
        "driver": source.driver,
        "readOnly": True if use.read_only else None,
        "volumeHandle": made(f"{said(source.root)}{volume}", source.root),
        "volumeAttributes": source.attributes or None,
        "nodeStageSecretRef": {"name": secret, "namespace": use.site.namespace} if secret is not None else None,
    }


def _volume(use: Use, source: Source, name: Made, spec: Mapping[str, Draft]) -> Object:
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": name,
            "labels": labels(use.site, use.name),
            "annotations": {"pv.kubernetes.io/provisioned-by": source.driver},
        },
        "spec": spec,
    }
    return Object(body, (use.entry,), shared=False)


def _claim(use: Use, source: Source, name: Made, volume: str, mode: Made) -> Object:
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": use.site.namespace, "labels": labels(use.site, use.name)},
        "spec": {
            "accessModes": [mode],
            "storageClassName": "",
            "volumeName": made(volume, use.name, use.site.namespace),
            "resources": {"requests": {"storage": source.capacity}},
        },
    }
    return Object(body, (use.entry,), shared=False)
