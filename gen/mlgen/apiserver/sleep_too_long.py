"""A pause before a container stops that is longer than the time to stop."""

from collections.abc import Iterator

from mlgen.body import Body, number_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="sleep-too-long",
    title="A container sleeps longer before it stops than it has time to stop",
    why="The API server refuses the pod: the container would be killed in its sleep.",
    bad="terminationGracePeriodSeconds: 30\ncontainers: [{lifecycle: {preStop: {sleep: {seconds: 60}}}}]",
    good="terminationGracePeriodSeconds: 90\ncontainers: [{lifecycle: {preStop: {sleep: {seconds: 60}}}}]",
    source="kubernetes/pkg/apis/core/validation: validateSleepAction",
)
DEFAULT = 30


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """The seconds of `sleep` in both hooks."""
    if "lifecycle" not in container:
        return
    grace = number_at(pod.spec, "terminationGracePeriodSeconds")
    most = DEFAULT if grace is None else grace
    for hook in ("postStart", "preStop"):
        where = ("lifecycle", hook, "sleep", "seconds")
        seconds = number_at(container, *where)
        if seconds is not None and seconds > most:
            message = f"{code(seconds)} seconds are more than the {most} of `terminationGracePeriodSeconds`"
            yield Fault((*path, *where), RULE.id, message, "sleep less, or raise the pod's grace period")
