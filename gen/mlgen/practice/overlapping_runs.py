"""A scheduled training whose runs may overlap."""

from collections.abc import Iterator

from mlgen.body import at
from mlgen.gathered import Setting
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="overlapping-runs",
    title="A scheduled training whose runs may overlap",
    why=(
        "When one takes longer than usual, the next begins beside it: both hold GPUs, and both write to the "
        "same volume."
    ),
    bad="concurrencyPolicy: Allow",
    good="concurrencyPolicy: Forbid",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy",
    severity="warning",
    ignorable=True,
)

SCHEDULED = frozenset(("CronJob", "CronWorkflow", "ScheduledSparkApplication"))


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A schedule that says nothing of overlaps, or allows them, of what asks for a GPU or writes what is kept."""
    if containers.kind(pod) in SCHEDULED and (containers.wants_gpu(pod) or containers.keeps(pod)):
        said = at(pod.holder, "spec", "concurrencyPolicy")
        if said in (None, "", "Allow"):
            where: Path = ("spec",) if said is None else ("spec", "concurrencyPolicy")
            message = "a run may begin while the one before it is still training"
            yield Fault(where, RULE.id, message, "write `concurrencyPolicy: Forbid`", "warning")
