"""A model server that is killed before it can have loaded its model."""

from collections.abc import Iterator
from fractions import Fraction

from mlgen.body import Body, number_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="startup-time",
    title="A model server that is killed before it can have loaded its model",
    why=(
        "Without a startup probe the liveness probe counts from the first second; a model of some gigabytes "
        "takes minutes, and the server never comes up."
    ),
    bad="livenessProbe: {httpGet: {path: /, port: http}}",
    good=(
        "startupProbe: {httpGet: {path: /, port: http}, failureThreshold: 120}\n"
        "livenessProbe: {httpGet: {path: /, port: http}}"
    ),
    source="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    severity="warning",
    ignorable=True,
)

LARGE = Fraction(8 * 1024**3)  # what a container with a large model asks for
ENOUGH = 120  # seconds


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A container that asks for a GPU or much memory, whose liveness probe gives up within two minutes."""
    for path, container in containers.main(pod):
        live = container.get("livenessProbe")
        if isinstance(live, dict) and not isinstance(container.get("startupProbe"), dict) and _large(container):
            seconds = _number(live, "initialDelaySeconds", 0)
            seconds += _number(live, "periodSeconds", 10) * _number(live, "failureThreshold", 3)
            if seconds < ENOUGH:
                message = f"{containers.called(container)} has {seconds} seconds to load its model, and is then killed"
                hint = "write a `startupProbe` that allows for the loading"
                yield Fault((*path, "livenessProbe"), RULE.id, message, hint, "warning")


def _large(container: Body) -> bool:
    return bool(containers.gpus(container)) or (containers.asked(container, "memory") or 0) >= LARGE


def _number(probe: Body, key: str, default: int) -> int:
    said = number_at(probe, key)
    return default if said is None else said
