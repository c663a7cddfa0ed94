"""A container that says no processor request."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.practice import amounts, containers
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="cpu-request",
    title="A container that says no processor request",
    why="It gets what others leave over, and beside a busy GPU job that is next to nothing.",
    bad="resources: {requests: {memory: 2Gi}}",
    good="resources: {requests: {cpu: 500m, memory: 2Gi}}",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Neither a request nor a limit, which would be taken for one."""
    for index, path, container in amounts.silent(objects, "cpu", "requests", "limits"):
        message = f"{containers.called(container)} asks for no processor"
        yield Finding(index, Fault(path, RULE.id, message, "write `requests: {cpu: ...}`", "warning"))
