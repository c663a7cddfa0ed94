"""A port of the node."""

from collections.abc import Iterator

from mlgen.body import maps_at, number_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-port",
    title="A port of the node",
    why=(
        "Only one pod a node can have it, and it is open past every Service and network policy. Namespaces "
        "below the level `privileged` refuse the pod."
    ),
    bad="ports: [{containerPort: 8080, hostPort: 8080}]",
    good="ports: [{containerPort: 8080}]",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Any `hostPort`; with the node's network, which host-namespace is about, it is the container's own."""
    if pod.spec.get("hostNetwork") is True:
        return
    for path, container in containers.every(pod):
        for where, port in maps_at(container, "ports") if "ports" in container else ():
            if number_at(port, "hostPort") and standard.applies("baseline", setting):
                message = f"{containers.called(container)} takes port {code(port['hostPort'])} of its node"
                yield Fault((*path, *where, "hostPort"), RULE.id, message, "remove it, and write a Service")
