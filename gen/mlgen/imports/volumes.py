"""The volumes of a pod -> data of the project, where it has a word for them."""

import re
from collections.abc import Iterator, Mapping

from mlgen.imports.naming import name
from mlgen.imports.needs import free
from mlgen.imports.source import text
from mlgen.node import Json, Node

SHM = "/dev/shm"
PATH = re.compile(r"(/[^/:\s]+)+")


def data(
    spec: Node, container: Node, taken: dict[str, dict[str, Json]], claims: Mapping[str, dict[str, Json]]
) -> Iterator[str]:
    """The data that the container mounts, each under a name that is free in ``taken``; some ``claims`` are data."""
    listed = spec.get("volumes")
    volumes = {text(item, "name"): item for item in (listed.items if listed is not None else [])}
    seen: set[str] = set()
    mounts = container.get("volumeMounts")
    for mount in mounts.items if mounts is not None else []:
        volume, path = text(mount, "name"), text(mount, "mountPath")
        if volume in seen or volume not in volumes or name(volume) != volume or not PATH.fullmatch(path):
            continue
        if "subPath" in mount or "subPathExpr" in mount:
            continue
        entry = said(volumes[volume], mount, claims)
        if entry:
            seen.add(volume)
            claim = text(volumes[volume], "persistentVolumeClaim", "claimName")
            called = name(claim) if claim in claims and path != f"/data/{volume}" else volume
            yield free(called, taken, entry | ({} if path == f"/data/{called}" else {"path": path}))


def said(volume: Node, mount: Node, claims: Mapping[str, dict[str, Json]]) -> dict[str, Json]:
    """The entry of a volume; an empty one where the spec has no word for it."""
    claim = text(volume, "persistentVolumeClaim", "claimName")
    size = volume.find("emptyDir", "sizeLimit")
    if claim in claims:
        return claims[claim]
    if claim:
        read_only = volume.find("persistentVolumeClaim", "readOnly") or mount.get("readOnly")
        writes = read_only is None or read_only.value is not True
        return {"claim": claim, **({"access": "write"} if writes else {})}
    if size is not None and not text(volume, "emptyDir", "medium"):
        return {"scratch": size.plain()}
    return {}


def shared_memory(spec: Node, container: Node) -> Json:
    """The size of what is mounted at /dev/shm, which the kinds of training have a word for."""
    listed, mounts = spec.get("volumes"), container.get("volumeMounts")
    at = [
        text(mount, "name") for mount in (mounts.items if mounts is not None else []) if text(mount, "mountPath") == SHM
    ]
    for volume in listed.items if listed is not None else []:
        if text(volume, "name") in at and text(volume, "emptyDir", "medium") == "Memory":
            size = volume.find("emptyDir", "sizeLimit")
            return None if size is None else size.plain()
    return None
