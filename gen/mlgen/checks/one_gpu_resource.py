"""Two quotas for classes of GPU that are one resource to Kubernetes."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="one-gpu-resource",
    title="Two quotas for classes of GPU that are one resource to Kubernetes",
    why="A quota counts a resource wherever its nodes are: the classes would eat from one bowl.",
    bad="gpus: {a100: {resource: nvidia.com/gpu}, t4: {resource: nvidia.com/gpu}}\nquota: {gpu: {a100: 8, t4: 4}}",
    good="gpus: {a100: {resource: nvidia.com/gpu}, t4: {resource: nvidia.com/gpu}}\nquota: {gpu: {a100: 12}}"
    "            # both together",
    source="kubernetes.io, concepts/policy/resource-quotas (extended resources)",
)


def check(environment: Node) -> Iterator[Problem]:
    """The classes that have a quota, by their resource."""
    quota = environment.find("quota", "gpu")
    first: dict[str, tuple[str, Span]] = {}
    for name in quota.entries if quota is not None else ():
        resource = environment.find("gpus", name, "resource")
        if quota is None or resource is None:
            continue
        other, there = first.setdefault(said(resource), (name, quota.key_span(name)))
        if other != name:
            message = f"`{other}` and `{name}` are both `{said(resource)}`, which Kubernetes can only count together"
            hint = f"write one number for both under `{other}`, or give the nodes of one another resource name"
            yield Problem(RULE.id, quota.key_span(name), message, hint, related=((there, "the other quota"),))
