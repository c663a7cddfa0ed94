"""A server of several pods without a disruption budget."""

from collections.abc import Iterator

from mlgen.body import map_at, text_at
from mlgen.gathered import Gathered, Setting
from mlgen.practice import containers, selected
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-disruption-budget",
    title="A server of several pods without a disruption budget",
    why="A drained node may take all of them at once.",
    bad="kind: Deployment\nspec: {replicas: 2}",
    good="kind: PodDisruptionBudget\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: serve}}}",
    source="https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """A Deployment or StatefulSet with ports and more than one pod that no budget among the objects selects."""
    budgets = [
        (text_at(budget, "metadata", "namespace"), map_at(budget, "spec", "selector"))
        for _, budget in objects.of("PodDisruptionBudget")
    ]
    for index, pod, least in selected.scaled(objects):
        if least < 2 or next(containers.servers(pod), None) is None:
            continue
        namespace, labels = text_at(pod.holder, "metadata", "namespace"), map_at(pod.metadata, "labels")
        if not any(where == namespace and selected.selects(selector, labels) for where, selector in budgets):
            message = f"nothing keeps a drain from taking all {least} pods at once"
            fault = Fault(("spec",), RULE.id, message, "write a PodDisruptionBudget", "warning")
            yield Finding(index, fault)
