"""A queue of a scheduler that has none."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="scheduler-queue",
    title="A queue of a scheduler that has none",
    why="Volcano has queues; the coscheduling plugin only starts pods together.",
    bad="scheduler: {from: coscheduling, queue: ml}",
    good="scheduler: {from: coscheduling}\nqueue: {from: kueue-0.19, cluster: ml}",
)


def check(environment: Node) -> Iterator[Problem]:
    """`scheduler.queue`."""
    found = environment.get("scheduler")
    if found is not None and "queue" in found and said(found["from"]) == "coscheduling":
        message = "the coscheduling plugin has no queues"
        hint = "remove it; Kueue has queues: `queue: {from: kueue-0.19, cluster: NAME}`"
        yield Problem(RULE.id, found.key_span("queue"), message, hint)
