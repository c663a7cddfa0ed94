"""A volume in memory that may take all the memory of the container."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, at, map_at, maps_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="memory-volume",
    title="A volume in memory that may take all the memory of the container",
    why=(
        "What is written to an emptyDir in memory counts against the container's limit: the container is "
        "killed, not the write refused."
    ),
    bad="emptyDir: {medium: Memory}",
    good="emptyDir: {medium: Memory, sizeLimit: 1Gi}          # of a limit of 8Gi",
    source="https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """No size, or one that is not below the limit of a container that mounts it."""
    for path, volume in maps_at(pod.spec, "volumes"):
        source = map_at(volume, "emptyDir")
        if source.get("medium") != "Memory":
            continue
        where, size = (*pod.path, *path, "emptyDir"), quantity(source.get("sizeLimit"))
        if source.get("sizeLimit") is None:
            message = f"nothing limits the memory that {code(volume.get('name'))} takes"
            yield Fault(where, RULE.id, message, "write a `sizeLimit` well below the container's memory", "warning")
        elif size is not None:
            for container in _mounting(pod, volume):
                limit = quantity(at(container, "resources", "limits", "memory"))
                if limit is not None and size >= limit:
                    most = code(at(container, "resources", "limits", "memory"))
                    message = f"{code(source['sizeLimit'])} leave nothing of {most} to {containers.called(container)}"
                    hint = "raise the container's limit by the size, or write a smaller one"
                    yield Fault((*where, "sizeLimit"), RULE.id, message, hint, "warning")


def _mounting(pod: Pod, volume: Body) -> Iterator[Body]:
    for _, container in containers.main(pod):
        if any(mount.get("name") == volume.get("name") for _, mount in maps_at(container, "volumeMounts")):
            yield container
