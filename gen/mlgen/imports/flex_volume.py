"""An object with a volume of the old FlexVolume driver for blobs -> the object without it, and the way out.

`azure/blobfuse` was given up for the CSI driver. The account that it mounted stands in a Secret, so nobody can say it
here. https://github.com/Azure/kubernetes-volume-drivers
"""

from collections.abc import Collection
from dataclasses import replace

from mlgen.imports.note import Note
from mlgen.imports.source import Source, text
from mlgen.node import Node, Path

DRIVER = "azure/blobfuse"
LISTS = ("containers", "initContainers")


def without_flex_volumes(source: Source) -> tuple[Source, list[Note]]:
    """Pods without such volumes, and a note of each that says what to write instead."""
    notes: list[Note] = []
    return source._replace(body=_walked(source.body, (), notes)), notes


def _walked(node: Node, path: Path, notes: list[Note]) -> Node:
    if isinstance(node.value, list):
        return replace(node, value=[_walked(item, (*path, index), notes) for index, item in enumerate(node.items)])
    if not isinstance(node.value, dict):
        return node
    found = {key: _walked(item, (*path, key), notes) for key, item in node.entries.items()}
    volumes = found.get("volumes")
    gone = {
        text(item, "name"): (index, item)
        for index, item in enumerate(volumes.items if volumes is not None else [])
        if text(item, "flexVolume", "driver") == DRIVER
    }
    if volumes is not None and gone:
        notes += [_note(item, (*path, "volumes", index)) for index, item in gone.values()]
        found["volumes"] = replace(volumes, value=[one for one in volumes.items if text(one, "name") not in gone])
        for key in LISTS:
            listed = found.get(key)
            if listed is not None:
                found[key] = replace(listed, value=[_unmounted(item, gone.keys()) for item in listed.items])
    return replace(node, value=found)


def _unmounted(container: Node, gone: Collection[str]) -> Node:
    mounts = container.get("volumeMounts")
    if mounts is None:
        return container
    kept = replace(mounts, value=[one for one in mounts.items if text(one, "name") not in gone])
    return replace(container, value={**container.entries, "volumeMounts": kept})


def _note(volume: Node, path: Path) -> Note:
    container = text(volume, "flexVolume", "options", "container") or "CONTAINER"
    way = f"write `data: {{{text(volume, 'name') or 'NAME'}: {{blob: {container}}}}}`"
    account = "and give the environment `storage: {blob: {driver: azure-blob, account: ACCOUNT, resourceGroup: GROUP}}`"
    where = f"the driver `{DRIVER}` is given up: {way}, {account}"
    return Note(volume["flexVolume"].span, (*path, "flexVolume"), where, lost=True, refused=True)
