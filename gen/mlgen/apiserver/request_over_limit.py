"""A container asks for more than it may use."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import map_at
from mlgen.faults.case import code
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="request-over-limit",
    title="A container asks for more than it may use",
    why="The API server refuses the pod, and so every pod that the object would make.",
    bad='resources: {requests: {cpu: "4"}, limits: {cpu: "2"}}',
    good='resources: {requests: {cpu: "2"}, limits: {cpu: "4"}}',
    source="kubernetes/pkg/apis/core/validation: ValidateContainerResourceRequirements",
)


def check(pod: Pod) -> Iterator[Fault]:
    """Each request against the limit of the same resource."""
    for path, container in pod.containers():
        limits = map_at(container, "resources", "limits")
        for name, asked in map_at(container, "resources", "requests").items():
            most, wanted = quantity(limits.get(name)), quantity(asked)
            if most is not None and wanted is not None and wanted > most:
                message = f"{code(name)} asks for {code(asked)}, and the limit is {code(limits[name])}"
                where = (*path, "resources", "requests", name)
                yield Fault(where, RULE.id, message, "raise the limit, or ask for less")
