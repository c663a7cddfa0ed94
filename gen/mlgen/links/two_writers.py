"""Two volumes are written at one place in blob storage, through two caches."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="two-writers",
    title="Two pieces of data are written to one place in blob storage",
    why="Each is mounted with a cache of its own, and blobfuse2 does not keep two writers apart: of two who write one "
    "file the last wins, and what the other wrote is lost or mixed with it.",
    bad="data:\n  a: {blob: churn/features, access: write}\n  b: {blob: churn/features, access: write}",
    good="data:\n  features: {blob: churn/features, access: write}            # and both workloads use it",
    source="kubernetes-sigs/blob-csi-driver, docs/limitations.md",
)
OVER_NFS = "give the environment `driver: azure-blob-nfs`"
FOLDER = "--subdirectory="
DRIVER = "blob.csi.azure.com"
CACHED = ("fuse", "fuse2", "")  # without a word of it, blobfuse
WRITABLE = ("ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
CONTAINER = ("spec", "csi", "volumeAttributes", "containerName")


class Written(NamedTuple):
    """A place in blob storage that is mounted for writing, and what people call it."""

    place: tuple[str, ...]
    name: str
    account: str
    body: int


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """A warning for each pair of volumes that are mounted through blobfuse at one place, or one inside the other."""
    volumes = objects.of("PersistentVolume")
    written = [found for index, body in volumes if (found := _written(index, body)) is not None]
    for one, other in combinations(sorted(written), 2):
        if one.account == other.account and one.place == other.place[: len(one.place)]:
            where = code("/".join(other.place))
            both = f"{code(other.name)} and {code(one.name)} both write {where}"
            inside = f"{code(other.name)} writes {where}, which is inside what {code(one.name)} writes"
            message = f"{both if one.place == other.place else inside}, each through a cache of its own"
            hint = f"use only one of the two, or {OVER_NFS if setting.offer is not None else 'mount both over NFS'}"
            fault = Fault(CONTAINER, RULE.id, message, hint, "warning")
            yield Finding(other.body, fault, ((one.body, CONTAINER, "the other one"),), alone=True)


def _written(index: int, volume: Body) -> Written | None:
    spec, metadata = map_at(volume, "spec"), map_at(volume, "metadata")
    source = map_at(spec, "csi")
    attributes = map_at(source, "volumeAttributes")
    options = [option for option in list_at(spec, "mountOptions") if isinstance(option, str)]
    if (
        source.get("driver") != DRIVER
        or text_at(attributes, "protocol") not in CACHED
        or not any(mode in WRITABLE for mode in list_at(spec, "accessModes"))
        or source.get("readOnly") is True
        or any(option in ("ro", "-o ro", "--read-only=true") for option in options)
        or not text_at(attributes, "containerName")
    ):
        return None
    folder = "".join(option.removeprefix(FOLDER) for option in options if option.startswith(FOLDER))
    place = (text_at(attributes, "containerName"), *filter(None, folder.split("/")))
    name = text_at(metadata, "labels", "app.kubernetes.io/component") or text_at(metadata, "name")
    return Written(place, name, text_at(attributes, "storageAccount"), index)
