"""Mounts that need what their container does not have."""

from collections.abc import Iterator

from mlgen.body import Body, at, maps_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="mount-options",
    title="A mount that its container may not make",
    why="Mounts that reach the node need a privileged container, and a mount can only be read-only in depth if it is "
    "read-only; the API server refuses the pod.",
    bad="volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]",
    good="volumeMounts: [{name: data, mountPath: /data, mountPropagation: HostToContainer}]",
    source="kubernetes/pkg/apis/core/validation: validateMountPropagation, validateMountRecursiveReadOnly",
)
RECURSIVE = "recursiveReadOnly"


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """Each mount against its container."""
    if not container.get("volumeMounts"):
        return
    for where, mount in maps_at(container, "volumeMounts"):
        propagation, recursive = mount.get("mountPropagation"), mount.get(RECURSIVE)
        if propagation == "Bidirectional" and at(container, "securityContext", "privileged") is not True:
            message = "only a privileged container may mount with `Bidirectional`"
            yield Fault((*path, *where, "mountPropagation"), RULE.id, message, "use `HostToContainer` or `None`")
        if recursive in ("Enabled", "IfPossible"):
            if mount.get("readOnly") is not True:
                message = f"{code(recursive)} needs `readOnly: true`"
                yield Fault((*path, *where, RECURSIVE), RULE.id, message, "set `readOnly: true` beside it")
            if propagation not in (None, "None"):
                message = f"{code(recursive)} does not go with `mountPropagation`"
                yield Fault((*path, *where, RECURSIVE), RULE.id, message, "take one of the two away")
