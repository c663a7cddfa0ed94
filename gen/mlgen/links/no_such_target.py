"""What an autoscaler should scale, and is not there."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import alike
from mlgen.node import Path
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.suggest import closest

RULE = Rule(
    id="no-such-target",
    title="What an autoscaler should scale is not there",
    why="Nothing is ever scaled, and only the autoscaler's own status says so.",
    bad="scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: serv}",
    good="scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: serve}",
    source="kubernetes.io, tasks/run-application/horizontal-pod-autoscale; keda.sh, ScaledObject",
)
# Where each kind says it, and what it takes for the kind of its target if nothing is said.
TARGETS: dict[str, tuple[Path, str]] = {
    "HorizontalPodAutoscaler": (("spec", "scaleTargetRef"), ""),
    "ScaledObject": (("spec", "scaleTargetRef"), "Deployment"),
    "VerticalPodAutoscaler": (("spec", "targetRef"), ""),
}


def target(body: Body) -> tuple[Path, str, str]:
    """Where an autoscaler names its target, and the kind and the name of that."""
    path, default = TARGETS[text_at(body, "kind")]
    reference = map_at(body, *path)
    return path, text_at(reference, "kind") or default, text_at(reference, "name")


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each target among the objects: what scales and what is scaled belong together."""
    for subject, body in objects.of(*TARGETS):
        path, kind, name = target(body)
        namespace = text_at(body, "metadata", "namespace")
        if kind and name and not objects.made(kind, name, namespace):
            message = f"there is no {code(f'{kind}/{name}')} to scale"
            meant = closest(name, alike(name, objects.called(kind, namespace)))
            hint = f"did you mean {code(meant)}?" if meant is not None else "correct the name, or remove the autoscaler"
            yield Finding(subject, Fault((*path, "name"), RULE.id, message, hint))
