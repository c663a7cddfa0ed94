"""A disruption budget that asks for as many pods as there are."""

from collections.abc import Iterator

from mlgen.body import map_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.practice import selected
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="too-few-to-drain",
    title="A disruption budget that asks for as many pods as there are",
    why="None may then be evicted: a node with such a pod cannot be drained.",
    bad="spec: {minAvailable: 2}          # of a Deployment with two replicas",
    good="spec: {maxUnavailable: 1}",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    severity="error",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """`minAvailable` against the replicas, or the least that an autoscaler keeps, of what the budget selects."""
    scaled = None
    for index, budget in objects.of("PodDisruptionBudget"):
        wanted, selector = number_at(budget, "spec", "minAvailable"), map_at(budget, "spec", "selector")
        if wanted is None or not selector:
            continue
        scaled = selected.scaled(objects) if scaled is None else scaled
        namespace = text_at(budget, "metadata", "namespace")
        meant = [
            one
            for one in scaled
            if text_at(one.pod.holder, "metadata", "namespace") == namespace
            and selected.selects(selector, map_at(one.pod.metadata, "labels"))
        ]
        least = sum(one.least for one in meant)
        if meant and wanted >= least:
            message = f"{code(wanted)} must be there, and there may be only {code(least)}: none can be evicted"
            fault = Fault(("spec", "minAvailable"), RULE.id, message, "write `maxUnavailable: 1`, or more replicas")
            yield Finding(index, fault, ((meant[0].number, ("metadata", "name"), "what it selects"),))
