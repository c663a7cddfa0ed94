"""A container that listens on a port that needs rights."""

from collections.abc import Iterator

from mlgen.body import maps_at, number_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="low-port",
    title="A container that listens on a port that needs rights",
    why=(
        "Ports below 1024 are for root on many nodes, so that the container cannot run as a user; 22 is a way "
        "in that nobody looks after."
    ),
    bad="ports: [{containerPort: 80}]",
    good="ports: [{containerPort: 8080}]          # the Service has `port: 80, targetPort: 8080`",
    source="kube-linter, privileged-ports and ssh-port",
    severity="warning",
    ignorable=True,
)

SSH = 22
FREE = 1024


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A port of a container below 1024."""
    for path, container in containers.every(pod):
        if "ports" not in container:
            continue
        for where, port in maps_at(container, "ports"):
            number = number_at(port, "containerPort")
            if number is not None and 0 < number < FREE:
                ssh = number == SSH
                message = "port `22` lets people in over ssh" if ssh else f"port {code(number)} needs rights of root"
                hint = "use `kubectl exec`" if ssh else "listen on 1024 or above, and let the Service have the low port"
                yield Fault((*path, *where, "containerPort"), RULE.id, message, hint, "warning")
