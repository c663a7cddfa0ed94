"""The volumes of a pod -> data of the project, where it has a word for them."""

import re
from collections.abc import Iterator

from mlgen.imports.naming import name
from mlgen.imports.needs import free
from mlgen.imports.source import text
from mlgen.node import Json, Node

PATH = re.compile(r"(/[^/:\s]+)+")


def data(spec: Node, container: Node, taken: dict[str, dict[str, Json]]) -> Iterator[str]:
    """The data that the container mounts, each under a name that is free in ``taken``."""
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
        entry = said(volumes[volume], mount)
        if entry:
            seen.add(volume)
            own = f"/data/{volume}"
            yield free(volume, taken, entry | ({} if path == own else {"path": path}))


def said(volume: Node, mount: Node) -> dict[str, Json]:
    """The entry of a volume; an empty one where the spec has no word for it."""
    claim = text(volume, "persistentVolumeClaim", "claimName")
    size = volume.find("emptyDir", "sizeLimit")
    if claim:
        read_only = volume.find("persistentVolumeClaim", "readOnly") or mount.get("readOnly")
        writes = read_only is None or read_only.value is not True
        return {"claim": claim, **({"access": "write"} if writes else {})}
    if size is not None and not text(volume, "emptyDir", "medium"):
        return {"scratch": size.plain()}
    return {}
