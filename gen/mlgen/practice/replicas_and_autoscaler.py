"""What an autoscaler scales says itself how many there are."""

from collections.abc import Iterator

from mlgen.body import number_at
from mlgen.gathered import Gathered, Setting
from mlgen.practice import selected
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="replicas-and-autoscaler",
    title="What an autoscaler scales says itself how many there are",
    why=(
        "Each time git is applied, the number jumps back to what is written there: pods that answer requests "
        "are stopped."
    ),
    bad="kind: Deployment\nspec: {replicas: 3}          # and a HorizontalPodAutoscaler of it",
    good="kind: Deployment\nspec: {}          # a HorizontalPodAutoscaler says `minReplicas`",
    source="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling",
    severity="error",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """`replicas` of the target of a HorizontalPodAutoscaler or a ScaledObject."""
    for index, scaler in objects.of("HorizontalPodAutoscaler", "ScaledObject"):
        scaled = selected.target(scaler, objects)
        if scaled is None or number_at(objects.bodies[scaled], "spec", "replicas") is None:
            continue
        message = f"a {scaler['kind']} scales this, and every sync would set the number back"
        fault = Fault(("spec", "replicas"), RULE.id, message, "remove `replicas`")
        yield Finding(scaled, fault, ((index, ("spec", "scaleTargetRef"), "what scales it"),))
