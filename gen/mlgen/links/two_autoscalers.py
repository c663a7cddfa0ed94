"""Two autoscalers of one thing."""

from collections.abc import Iterator

from mlgen.body import text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting, together
from mlgen.links.no_such_target import target
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="two-autoscalers",
    title="Two autoscalers scale one thing",
    why="Each undoes what the other did: the number of pods swings, or stays at the greater of the two for ever.",
    bad="a HorizontalPodAutoscaler and a ScaledObject, both with `scaleTargetRef: {name: serve}`",
    good="one of the two, with all metrics",
    source="keda.sh, ScaledObject; kubernetes/pkg/controller/podautoscaler: AmbiguousSelector",
)
KINDS = ("HorizontalPodAutoscaler", "ScaledObject")


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """The second and every further one of a target."""
    first: list[tuple[int, tuple[str, str], str]] = []
    for subject, body in objects.of(*KINDS):
        path, kind, name = target(body)
        namespace = text_at(body, "metadata", "namespace")
        others = [index for index, one, where in first if one == (kind, name) and together(where, namespace)]
        first.append((subject, (kind, name), namespace))
        if name and others:
            other = objects.bodies[others[0]]
            called = code(f"{text_at(other, 'kind')}/{text_at(other, 'metadata', 'name')}")
            message = f"{code(f'{kind}/{name}')} is scaled by {called} too"
            related = ((others[0], ("metadata", "name"), "the other one"),)
            hint = "write all metrics into one of the two, and remove the other"
            yield Finding(subject, Fault((*path, "name"), RULE.id, message, hint), related)
