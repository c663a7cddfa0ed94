"""The liveness probe is the readiness probe."""

from collections.abc import Iterator

from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="same-probes",
    title="The liveness probe is the readiness probe",
    why=("A server that is too busy to answer is restarted at the moment in which it should only be left alone."),
    bad="readinessProbe: {httpGet: {path: /, port: http}}\nlivenessProbe: {httpGet: {path: /, port: http}}",
    good=(
        "readinessProbe: {httpGet: {path: /, port: http}}\n"
        "livenessProbe: {tcpSocket: {port: http}, failureThreshold: 6}"
    ),
    source="kube-score, pod-probes-identical",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Both are written, and are the same in whole."""
    for path, container in containers.main(pod):
        live = container.get("livenessProbe")
        if isinstance(live, dict) and live and live == container.get("readinessProbe"):
            message = f"{containers.called(container)} is restarted whenever it is not ready"
            hint = "let the liveness probe ask for less, or allow it more failures"
            yield Fault((*path, "livenessProbe"), RULE.id, message, hint, "warning")
