"""TensorBoard is to show data that the training cannot write its logs to."""

from collections.abc import Iterator

from mlgen.checks.viewed import Viewed
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload

RULE = Rule(
    id="tensorboard-data",
    title="TensorBoard is to show data that the training cannot write its logs to",
    why="It is a pod of its own: it sees what the training writes only where both mount the same data.",
    bad="data: {features: {blob: churn/features}}\nworkloads:\n"
    "  train: {kind: tensorflow, data: [features], tensorboard: features/logs}",
    good="data: {models: {blob: churn/models, access: write}}\nworkloads:\n"
    "  train: {kind: tensorflow, data: [models], tensorboard: models/logs}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Where the logs are written."""
    yield from Viewed(RULE.id, "tensorboard", "TensorBoard").problems(workload)
