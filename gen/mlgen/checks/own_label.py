"""A label of the environment that mlgen sets itself."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule

RULE = Rule(
    id="own-label",
    title="A label of the environment that mlgen sets itself",
    why="mlgen's labels say whose an object is, and selectors trust them.",
    bad="monitoring: {from: prometheus-operator, labels: {app.kubernetes.io/name: prometheus}}",
    good="monitoring: {from: prometheus-operator, labels: {release: kube-prometheus-stack}}",
)
OURS = ("mlgen.dev/", "app.kubernetes.io/")


def check(environment: Node) -> Iterator[Problem]:
    """Every label under `monitoring.labels`, and those of PodDefaults."""
    labels = environment.find("monitoring", "labels")
    places = {"Prometheus": [labels] if labels is not None else []}
    places["the PodDefault"] = list(environment["podDefaults"].entries.values())
    for seeker, found in places.items():
        for node in found:
            for name in node.entries:
                if name.startswith(OURS):
                    message = f"`{name}` is a label that mlgen sets itself"
                    mend = f"choose a label that {seeker} alone looks for"
                    yield Problem(RULE.id, node.key_span(name), message, mend)
