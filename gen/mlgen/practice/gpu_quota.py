"""A quota of GPUs that nobody enforces."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="gpu-quota",
    title="A quota of GPUs that nobody enforces",
    why=("Of extended resources a quota counts what is requested: a `limits.` of them is accepted, and does nothing."),
    bad="hard: {limits.nvidia.com/gpu: 8}",
    good="hard: {requests.nvidia.com/gpu: 8}",
    source="https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-for-extended-resources",
    severity="error",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """`limits.` before the name of an extended resource."""
    for key in map_at(body, "spec", "hard"):
        name = key.removeprefix("limits.")
        if name != key and "/" in name:
            message = f"nothing is limited by {code(key)}"
            yield Fault(("spec", "hard", key), RULE.id, message, f"write {code(f'requests.{name}')}")
