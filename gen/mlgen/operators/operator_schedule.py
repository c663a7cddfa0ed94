"""A schedule in a custom resource that its operator cannot read."""

from collections.abc import Iterator, Mapping

from mlgen import cron
from mlgen.body import Body, at
from mlgen.node import Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="operator-schedule",
    title="A schedule that the operator cannot read",
    why="The API server takes any text there; the operator cannot read it, and nothing ever runs.",
    bad='schedule: "0 25 * * *"',
    good='schedule: "0 2 * * *"',
    source="robfig/cron v3: ParseStandard, as called by kubeflow/spark-operator v2.5 (scheduledsparkapplication), "
    "kuberay v1.7 (ValidateRayCronJobSpec) and argo-workflows v4.1 (ValidateCronWorkflow)",
)
PATHS: Mapping[str, Path] = {
    "sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication": ("spec", "schedule"),
    "ray.io/v1 RayCronJob": ("spec", "schedule"),
    "argoproj.io/v1alpha1 CronWorkflow": ("spec", "schedules"),
}
TZ = ("TZ=", "CRON_TZ=")  # robfig reads the zone before the fields; only Kubernetes' own CronJob forbids it


def check(body: Body) -> Iterator[Fault]:
    """Each schedule as cron reads it."""
    path = PATHS[named(body)]
    found = at(body, *path)
    listed = [((*path, index), one) for index, one in enumerate(found)] if isinstance(found, list) else [(path, found)]
    for where, schedule in listed:
        if isinstance(schedule, str):
            said = schedule.partition(" ")[2] if schedule.startswith(TZ) else schedule
            for slip in cron.slips(said):
                yield Fault(where, RULE.id, slip.message, slip.hint)
