"""A finished Job that nothing takes away."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.gathered import Setting
from mlgen.practice import git
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="job-ttl",
    title="A finished Job that nothing takes away",
    why=(
        "Finished Jobs and their pods pile up, those with GPUs among them, until somebody deletes them. What "
        "git tracks must stay: see run-ttl."
    ),
    bad="spec: {template: {...}}",
    good="spec: {ttlSecondsAfterFinished: 604800, template: {...}}",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A Job that has no owner and is no hook of a delivery tool."""
    spec = map_at(body, "spec")
    if spec and spec.get("ttlSecondsAfterFinished") is None and not git.owned(body):
        message = "nothing takes this Job away once it is finished"
        yield Fault(("spec",), RULE.id, message, "write `ttlSecondsAfterFinished`, such as 604800", "warning")
