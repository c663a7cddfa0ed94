"""A server without a readiness probe."""

from collections.abc import Iterator

from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="readiness-probe",
    title="A server without a readiness probe",
    why=("It gets requests before it can answer, most of all while it loads a model: each rollout is an outage."),
    bad="ports: [{containerPort: 8080}]",
    good="ports: [{name: http, containerPort: 8080}]\nreadinessProbe: {httpGet: {path: /ready, port: http}}",
    source="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A container with ports of a Deployment or a StatefulSet; a port for metrics alone is none."""
    for path, container in containers.servers(pod):
        if not isinstance(container.get("readinessProbe"), dict):
            message = f"nobody asks {containers.called(container)} whether it is ready"
            yield Fault(path, RULE.id, message, "write a `readinessProbe`", "warning")
