"""A quota for a class of GPU that the environment does not have."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="unknown-quota",
    title="A quota for a class of GPU that the environment does not have",
    why="Kubernetes counts extended resources, and only the class says which one this is.",
    bad="gpus: {a100: {resource: nvidia.com/gpu}}\nquota: {gpu: {h100: 8}}",
    good="gpus: {a100: {resource: nvidia.com/gpu}}\nquota: {gpu: {a100: 8}}",
)


def check(environment: Node) -> Iterator[Problem]:
    """Every class under `quota.gpu`."""
    quota, classes = environment.find("quota", "gpu"), environment["gpus"].entries
    if quota is None:
        return
    for name in quota.entries:
        if name not in classes:
            message = f"a quota for GPUs of class `{name}`, and `gpus` has no such class"
            hint = did_you_mean(name, classes) if classes else f"add `gpus: {{{name}: {{resource: nvidia.com/gpu}}}}`"
            yield Problem(RULE.id, quota.key_span(name), message, hint)
