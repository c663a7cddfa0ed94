"""A container without a limit of memory."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.practice import amounts, containers
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="memory-limit",
    title="A container without a limit of memory",
    why="A leak in it takes the memory of the whole node, and others die for it.",
    bad="resources: {requests: {memory: 2Gi}}",
    good="resources: {requests: {memory: 2Gi}, limits: {memory: 2Gi}}",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """No limit; one of the processor is not missed, as it throttles data loaders."""
    for index, path, container in amounts.silent(objects, "memory", "limits"):
        if containers.asked(container, "memory") is not None:  # else `memory-request` says it
            message = f"nothing limits the memory of {containers.called(container)}"
            yield Finding(index, Fault(path, RULE.id, message, "write `limits: {memory: ...}`", "warning"))
