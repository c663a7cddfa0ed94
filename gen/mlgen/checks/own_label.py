"""A label of the environment that mlgen sets itself."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule

RULE = Rule(
    id="own-label",
    title="A label of monitoring that mlgen sets itself",
    why="mlgen's labels say whose an object is, and selectors trust them.",
    bad="monitoring: {from: prometheus-operator, labels: {app.kubernetes.io/name: prometheus}}",
    good="monitoring: {from: prometheus-operator, labels: {release: kube-prometheus-stack}}",
)
OURS = ("mlgen.dev/", "app.kubernetes.io/")


def check(environment: Node) -> Iterator[Problem]:
    """Every label under `monitoring.labels`."""
    labels = environment.find("monitoring", "labels")
    for name in labels.entries if labels is not None else ():
        if labels is not None and name.startswith(OURS):
            message = f"`{name}` is a label that mlgen sets itself"
            yield Problem(RULE.id, labels.key_span(name), message, "choose a label that Prometheus alone looks for")
