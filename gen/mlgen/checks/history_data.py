"""Spark's history server is to show data that the driver cannot write its event logs to."""

from collections.abc import Iterator

from mlgen.checks.viewed import Viewed
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload

RULE = Rule(
    id="history-data",
    title="Spark's history server is to show data that the driver cannot write its event logs to",
    why="It is a pod of its own: it sees what the driver writes only where both mount the same data.",
    bad="data: {scratch: {scratch: 200Gi}}\nworkloads:\n  features: {kind: spark, data: [scratch], history: scratch}",
    good="data: {events: {claim: spark-events, access: write}}\nworkloads:\n"
    "  features: {kind: spark, data: [events], history: events/features}",
    source="apache/spark, docs/monitoring.md",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Where the event logs are written."""
    yield from Viewed(RULE.id, "history", "the history server").problems(workload)
