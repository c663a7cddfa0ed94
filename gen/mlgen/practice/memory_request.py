"""A container that says no memory request."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.practice import amounts, containers
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="memory-request",
    title="A container that says no memory request",
    why=(
        "The scheduler counts it as nothing: it lands on a full node, and is the first that dies there when "
        "memory runs out."
    ),
    bad="resources: {limits: {nvidia.com/gpu: 1}}",
    good='resources: {requests: {cpu: "4", memory: 16Gi}, limits: {memory: 16Gi, nvidia.com/gpu: 1}}',
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    severity="error",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Neither a request nor a limit, which would be taken for one."""
    for index, path, container in amounts.silent(objects, "memory", "requests", "limits"):
        message = f"{containers.called(container)} asks for no memory"
        yield Finding(index, Fault(path, RULE.id, message, "write `requests: {memory: ...}`, as much as it uses"))
