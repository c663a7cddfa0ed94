"""A run that may fill the disk of its node."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Json
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unbounded-scratch",
    title="A run that may fill the disk of its node",
    why=(
        "Checkpoints and caches in an emptyDir without a size fill the node's disk; the kubelet then evicts "
        "pods, also those of others."
    ),
    bad="volumes: [{name: cache, emptyDir: {}}]",
    good="volumes: [{name: cache, emptyDir: {sizeLimit: 20Gi}}]",
    source="https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """An emptyDir on disk that is mounted for writing, with no size and no limit of ephemeral storage."""
    if not containers.ends(pod) or "volumes" not in pod.spec:
        return
    mounted = {name for _, container in containers.main(pod) for name in _unbounded(container)}
    for path, volume in maps_at(pod.spec, "volumes"):
        if text_at(volume, "name") in mounted and _on_disk(volume.get("emptyDir")):
            message = f"nothing limits what the run may write into {code(volume['name'])}"
            hint = "write a `sizeLimit`, or a limit of `ephemeral-storage` for the container"
            yield Fault((*pod.path, *path, "emptyDir"), RULE.id, message, hint, "warning")


def _on_disk(source: Json) -> bool:
    """Whether it is an emptyDir without a size that is not in memory."""
    return isinstance(source, dict) and source.get("medium") in (None, "") and source.get("sizeLimit") is None


def _unbounded(container: Body) -> Iterator[str]:
    """What a container mounts that has no limit of its own for what it writes to the node's disk."""
    if quantity(at(container, "resources", "limits", "ephemeral-storage")) is None:
        for _, mount in maps_at(container, "volumeMounts"):
            if mount.get("readOnly") is not True:
                yield text_at(mount, "name")
