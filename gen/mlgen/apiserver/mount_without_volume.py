"""A container mounts a volume that its pod has not."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import TEMPLATES, Containers, Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="mount-without-volume",
    title="A container mounts a volume that its pod does not have",
    why="The API server refuses the pod. It does not look into a StatefulSet's template: there the object is taken, "
    "and none of its pods is ever made.",
    bad="volumes: [{name: data, emptyDir: {}}]\ncontainers: [{volumeMounts: [{name: date, mountPath: /data}]}]",
    good="volumes: [{name: data, emptyDir: {}}]\ncontainers: [{volumeMounts: [{name: data, mountPath: /data}]}]",
    source="kubernetes/pkg/apis/core/validation: ValidateVolumeMounts, ValidateVolumeDevices",
)
# In custom resources, whose operators may add volumes: only where a whole template stands.
TEMPLATE_KEYS = ("template", "leaderTemplate", "workerTemplate")


def check(pod: Pod, containers: Containers) -> Iterator[Fault]:
    """Every mount and device against the pod's volumes, and against one another."""
    if not _whole(pod):
        return
    volumes: dict[str, Body] | None = None
    for path, container in containers:
        if "volumeMounts" in container or "volumeDevices" in container:
            volumes = _volumes(pod) if volumes is None else volumes
            yield from _missing(path, container, volumes)
            if container.get("volumeDevices"):
                yield from _devices(path, container, volumes)


def _whole(pod: Pod) -> bool:
    """Whether all volumes of the pod can be seen."""
    return pod.owner in TEMPLATES or (len(pod.path) > 1 and pod.path[-1] == "spec" and pod.path[-2] in TEMPLATE_KEYS)


def _volumes(pod: Pod) -> dict[str, Body]:
    found = {str(volume.get("name")): volume for _, volume in maps_at(pod.spec, "volumes")}
    if "volumeClaimTemplates" not in map_at(pod.holder, *pod.path[:-2]):
        return found
    for _, claim in maps_at(map_at(pod.holder, *pod.path[:-2]), "volumeClaimTemplates"):
        found[text_at(claim, "metadata", "name")] = {"persistentVolumeClaim": {}}
    return found


def _missing(path: Path, container: Body, volumes: dict[str, Body]) -> Iterator[Fault]:
    for sort in ("volumeMounts", "volumeDevices"):
        for where, mount in maps_at(container, sort):
            name = mount.get("name")
            if isinstance(name, str) and name and name not in volumes:
                hint = did_you_mean(name, filter(None, volumes)) or "add it to the pod's `volumes`"
                yield Fault((*path, *where, "name"), RULE.id, f"the pod has no volume {code(name)}", hint)


def _devices(path: Path, container: Body, volumes: dict[str, Body]) -> Iterator[Fault]:
    mounts = {text_at(mount, "name"): text_at(mount, "mountPath") for _, mount in maps_at(container, "volumeMounts")}
    for where, device in maps_at(container, "volumeDevices"):
        name, place = text_at(device, "name"), text_at(device, "devicePath")
        volume = volumes.get(name)
        if name and name in mounts:
            message = f"the volume {code(name)} is a device and mounted too"
            yield Fault((*path, *where, "name"), RULE.id, message, "mount it, or use it as a device")
        elif place and place in mounts.values():
            message = f"a volume is mounted at {code(place)} already"
            yield Fault((*path, *where, "devicePath"), RULE.id, message, "choose another path")
        elif volume is not None and not {"persistentVolumeClaim", "ephemeral"} & set(volume):
            message = f"the volume {code(name)} is no claim, and only claims can be devices"
            yield Fault((*path, *where, "name"), RULE.id, message, "mount it instead")
