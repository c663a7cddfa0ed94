"""A pod that is killed before it can end."""

from collections.abc import Iterator

from mlgen.body import number_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="grace-period",
    title="A pod that is killed before it can end",
    why=(
        "When a node is drained or a rollout goes on, the pod has this long to write its checkpoint or to "
        "finish its requests; then it is killed."
    ),
    bad="terminationGracePeriodSeconds: 5",
    good="terminationGracePeriodSeconds: 120",
    source="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
    severity="warning",
    ignorable=True,
)

DEFAULT = 30  # seconds, as Kubernetes has it


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A GPU run with less than the default; a preStop hook that sleeps for all the time there is."""
    said = number_at(pod.spec, "terminationGracePeriodSeconds")
    seconds = DEFAULT if said is None else said
    if seconds < DEFAULT and containers.ends(pod) and containers.wants_gpu(pod):
        message = f"{code(seconds)} seconds are little to write a checkpoint in"
        where = (*pod.path, "terminationGracePeriodSeconds")
        yield Fault(where, RULE.id, message, "give it the time that a checkpoint takes", "warning")
        return
    for path, container in containers.main(pod):
        sleep = number_at(container, "lifecycle", "preStop", "sleep", "seconds")
        if sleep is not None and sleep == seconds > 0:  # of more, the API server says so
            message = f"{containers.called(container)} sleeps for all of the {seconds} seconds in which it must end"
            where = (*path, "lifecycle", "preStop", "sleep", "seconds")
            yield Fault(where, RULE.id, message, "sleep shorter, or raise `terminationGracePeriodSeconds`", "warning")
