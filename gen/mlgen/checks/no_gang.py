"""Pods that train together and that the environment's scheduler places one by one."""

from collections.abc import Iterator

from mlgen import gang, nearby
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="no-gang",
    title="Pods that train together are placed one by one",
    why="The coscheduling plugin starts pods together that are of one PodGroup. Kubeflow's Training Operator, its "
    "Spark operator and KubeRay make one; of a Job nobody does, so that some of its pods may hold GPUs and wait for "
    "the others. Nor does Apache's Spark operator: its driver starts, and its executors may find no room.",
    bad="workers: 4            # on a plain Job, and the environment has `scheduler: {from: coscheduling}`",
    good="platform: {pytorch: kubeflow-training-1.9}",
    source="kubernetes-sigs/scheduler-plugins, pkg/coscheduling/README.md",
    severity="warning",
)
APACHE = "apache-spark-operator-1.0"


def check(workload: Workload) -> Iterator[Problem]:
    """What runs on Jobs, or on a JobSet's."""
    found, chosen = gang.scheduler(workload), workload.site.offer.find("platform", workload.kind)
    if found is not None and chosen is not None and said(chosen) == APACHE:
        message = f"nothing makes the driver and the executors of `{workload.name}` start together"
        hint = "have them started by Kubeflow's operator, `spark-operator-2.5`, which groups them"
        related = ((found.span, "the scheduler"),)
        yield Problem(RULE.id, workload.spec["executors"].span, message, hint, "warning", related)
    if found is None or chosen is None or said(found["from"]) == gang.VOLCANO or not nearby.together(workload):
        return
    if said(chosen).startswith("job"):
        message = f"nothing makes the pods of `{workload.name}` start together: they are those of a Job"
        hint = "choose an operator under `platform`, or as the scheduler Volcano, which groups the pods of a Job"
        related = ((found.span, "the scheduler"),)
        yield Problem(RULE.id, workload.spec["workers"].span, message, hint, "warning", related)
