"""A priority in a queue, where there is no queue."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule

RULE = Rule(
    id="priority-without-queue",
    title="A priority in the queue of an environment that has none",
    why="Kueue's WorkloadPriorityClass says who goes first in its queue; without a queue nothing asks about it.",
    bad="priorities: {urgent: {queue: urgent}}",
    good="queue: {from: kueue-0.19, cluster: ml}\npriorities: {urgent: {queue: urgent}}",
    source="kubernetes-sigs/kueue, site/content/en/docs/concepts/workload_priority_class.md",
)


def check(environment: Node) -> Iterator[Problem]:
    """Every entry of `priorities` that has a `queue`."""
    if environment.get("queue") is not None:
        return
    for name, entry in environment["priorities"].entries.items():
        if "queue" in entry:
            message = f"`{name}` says who goes first in the queue, and there is no queue here"
            hint = "remove it, or add `queue: {from: kueue-0.19, cluster: NAME}`; pods have their `class` by themselves"
            yield Problem(RULE.id, entry.key_span("queue"), message, hint)
