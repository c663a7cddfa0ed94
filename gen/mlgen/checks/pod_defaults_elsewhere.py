"""PodDefaults in an environment that makes its own namespaces."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule

RULE = Rule(
    id="pod-defaults-elsewhere",
    title="PodDefaults in an environment that makes its own namespaces",
    why="A PodDefault is for pods of its own namespace, and Kubeflow's webhook looks at namespaces of profiles alone: "
    "in one that mlgen makes there is none, and nothing would be added.",
    bad='namespace: "ml-{{ project.name }}"\npodDefaults: {mlflow: {access-mlflow: "true"}}',
    good='namespace: {existing: growth}            # that of a profile\npodDefaults: {mlflow: {access-mlflow: "true"}}',
    source="kubeflow/kubeflow, components/admission-webhook: filterPodDefaults",
)


def check(environment: Node) -> Iterator[Problem]:
    """Whose the namespace is, where there are any."""
    offered, namespace = environment["podDefaults"], environment["namespace"]
    if offered.entries and not isinstance(namespace.value, dict):
        message = "no PodDefault is in a namespace that mlgen makes, and Kubeflow's webhook does not look there"
        hint = "write `namespace: {existing: NAME}` with the namespace of a profile, or `podDefaults: null`"
        yield Problem(RULE.id, environment.key_span("podDefaults"), message, hint)
