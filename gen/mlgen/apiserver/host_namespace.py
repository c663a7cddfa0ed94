"""A pod that shares a namespace of the node and sets what only its own would have."""

from collections.abc import Iterator

from mlgen.body import map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-namespace",
    title="A pod shares the node's namespace and sets what only a namespace of its own would have",
    why="The API server refuses the pod: the setting would change the node, or cannot be.",
    bad="hostPID: true\nshareProcessNamespace: true",
    good="shareProcessNamespace: true",
    source="kubernetes/pkg/apis/core/validation: validatePodSpecSecurityContext, validateHostUsers, ValidateHostSysctl",
)
SHARED = ("hostNetwork", "hostPID", "hostIPC")
# Which namespace a kernel parameter belongs to.
SYSCTLS = (
    ("hostNetwork", ("net.",)),
    ("hostIPC", ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")),
)


def check(pod: Pod) -> Iterator[Fault]:
    """What the pod shares with the node against its users, its processes and its kernel parameters."""
    spec = pod.spec
    shared = [field for field in SHARED if spec.get(field) is True]
    if not shared:
        return
    if "hostPID" in shared and spec.get("shareProcessNamespace") is True:
        where = (*pod.path, "shareProcessNamespace")
        yield Fault(where, RULE.id, "with `hostPID` the pod's containers see all processes", "take one of the two away")
    if spec.get("hostUsers") is False:
        for field in shared:
            message = f"{code(field)} needs the node's users, and `hostUsers` is false"
            yield Fault((*pod.path, field), RULE.id, message, "take one of the two away")
    for where, sysctl in maps_at(map_at(spec, "securityContext"), "sysctls"):
        name = text_at(sysctl, "name").replace("/", ".")
        for field, prefixes in SYSCTLS:
            if field in shared and name.startswith(prefixes):
                message = f"{code(name)} would be set on the node, because of {code(field)}"
                yield Fault(
                    (*pod.path, "securityContext", *where, "name"), RULE.id, message, "take one of the two away"
                )
