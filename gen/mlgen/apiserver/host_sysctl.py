"""A pod that shares a namespace of the node and sets its kernel parameters."""

from collections.abc import Iterator

from mlgen.body import map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-sysctl",
    title="A pod sets a kernel parameter of a namespace that it shares with the node",
    why="The API server refuses the pod: the parameter would change the node, and all that runs there.",
    bad="hostNetwork: true\nsecurityContext: {sysctls: [{name: net.core.somaxconn, value: '1024'}]}",
    good="securityContext: {sysctls: [{name: net.core.somaxconn, value: '1024'}]}",
    source="kubernetes/pkg/apis/core/validation: ValidateHostSysctl",
)
# Which namespace a kernel parameter belongs to.
SYSCTLS = (
    ("hostNetwork", ("net.",)),
    ("hostIPC", ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")),
)


def check(pod: Pod) -> Iterator[Fault]:
    """The kernel parameters against what the pod shares."""
    for where, sysctl in maps_at(map_at(pod.spec, "securityContext"), "sysctls"):
        name = text_at(sysctl, "name").replace("/", ".")
        for field, prefixes in SYSCTLS:
            if pod.spec.get(field) is True and name.startswith(prefixes):
                place = (*pod.path, "securityContext", *where, "name")
                message = f"{code(name)} would be set on the node, because of {code(field)}"
                yield Fault(place, RULE.id, message, "take one of the two away")
