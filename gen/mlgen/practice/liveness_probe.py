"""A server of a Deployment without a liveness probe."""

from collections.abc import Iterator

from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="liveness-probe",
    title="A server of a Deployment without a liveness probe",
    why="One that hangs is never restarted, and somebody has to notice.",
    bad="readinessProbe: {httpGet: {path: /ready, port: http}}",
    good=(
        "readinessProbe: {httpGet: {path: /ready, port: http}}\n"
        "livenessProbe: {tcpSocket: {port: http}, periodSeconds: 20}"
    ),
    source="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A container with ports of a Deployment. What a StatefulSet runs has state, which a restart may cost."""
    if pod.owner != "apps/v1 Deployment":
        return
    for path, container in containers.servers(pod):
        if not isinstance(container.get("livenessProbe"), dict):
            message = f"nobody asks {containers.called(container)} whether it still works"
            yield Fault(path, RULE.id, message, "write a `livenessProbe`, slower than the readiness probe", "warning")
