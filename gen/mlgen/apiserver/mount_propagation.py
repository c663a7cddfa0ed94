"""Mounts that reach the node, from a container that may not."""

from collections.abc import Iterator

from mlgen.body import Body, at, maps_at
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="mount-propagation",
    title="A container that is not privileged mounts into the node",
    why="With `Bidirectional` what the container mounts appears on the node, so the API server wants it privileged.",
    bad="volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]",
    good="volumeMounts: [{name: data, mountPath: /data, mountPropagation: HostToContainer}]",
    source="kubernetes/pkg/apis/core/validation: validateMountPropagation",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Each mount against its container."""
    for where, mount in maps_at(container, "volumeMounts"):
        if (
            mount.get("mountPropagation") == "Bidirectional"
            and at(container, "securityContext", "privileged") is not True
        ):
            message = "only a privileged container may mount with `Bidirectional`"
            yield Fault((*path, *where, "mountPropagation"), RULE.id, message, "use `HostToContainer` or `None`")
