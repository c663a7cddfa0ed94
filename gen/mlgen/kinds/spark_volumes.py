"""A Spark workload's data -> the volumes that its driver and executors mount; scratch is where Spark shuffles.

Spark shuffles and spills on every volume whose name begins with ``spark-local-dir-`` (LocalDirsFeatureStep.scala).
"""

from typing import NamedTuple

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Volume, data_volumes, each_once, named_in, notes, own_folder, secret_volumes
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

LOCAL = "spark-local-dir-"


class Volumes(NamedTuple):
    """``listed`` and ``mounts`` as the operator has them; settings, variables and the pods' annotations that go with
    them; what stands behind them."""

    listed: list[Draft]
    mounts: list[Draft]
    conf: dict[str, Draft]
    env: dict[str, Draft]
    notes: dict[str, Draft] | None
    objects: tuple[Object, ...]


def volumes(workload: Workload) -> Volumes:
    """The data that the spec names. Raises MlgenError where the environment cannot mount it."""
    conf: dict[str, Draft] = {}
    kept: list[Volume] = []
    found = list(data_volumes(workload))
    for used, volume in zip(named_in(workload, "data"), found, strict=True):
        if "scratch" not in workload.data[said(used)]:
            kept.append(volume)
        elif (storage_class := provisioned(workload, used)) is not None:
            conf |= on_demand(workload, used, volume.path, storage_class)
        else:
            # Pods may share a folder of the node: in it Spark makes folders that have names of their own.
            kept.append(volume._replace(name=local(used), per_pod=False))
    kept += secret_volumes(workload)
    return Volumes(
        list(each_once(workload, kept)),
        [volume.mount for volume in kept],
        conf,
        own_folder(kept),
        notes(kept),
        tuple(one for volume in found for one in volume.objects),
    )


def local(used: Node) -> Made:
    """The name by which Spark knows scratch."""
    return made(f"{LOCAL}{said(used)}", used)


def provisioned(workload: Workload, used: Node) -> Node | None:
    """The storage class of scratch that is on a disk made for each pod."""
    disk = workload.data[said(used)].get("disk")
    return workload.site.offer.find("storage", "disks", said(disk), "storageClass") if disk is not None else None


def on_demand(workload: Workload, used: Node, path: Draft, storage_class: Node) -> dict[str, Draft]:
    """Settings by which Spark itself asks for a disk for each pod, and lets it go with the pod.

    The operator refuses an ephemeral volume under Spark's name (submission.go: unsupported volume type), and under
    another name Spark would leave it empty. Spark wants both class and size (MountVolumesFeatureStep.scala).
    """
    options: dict[str, Draft] = {
        "mount.path": path,
        "options.claimName": made("OnDemand", storage_class),
        "options.storageClass": storage_class,
        "options.sizeLimit": workload.data[said(used)]["scratch"],
    }
    return {
        f"spark.kubernetes.{pods}.volumes.persistentVolumeClaim.{LOCAL}{said(used)}.{option}": value
        for pods in ("driver", "executor")
        for option, value in options.items()
    }
