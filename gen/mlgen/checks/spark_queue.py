"""A Spark application in an environment whose queue would refuse it, or never see it."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="spark-queue",
    title="A Spark application that the environment's queue refuses, or never sees",
    why="Kueue lets a run start when there is room for all of it, so it refuses executors that come and go. It knows "
    "the applications of Kubeflow's operator, from version 0.17 on (feature gate SparkApplicationIntegration). Of "
    "those of Apache's operator, which learns of queues with its version 1.1, nothing waits: they would start past "
    "all others.",
    bad="executors: {min: 2, max: 10}            # and the environment has `queue: {from: kueue-0.19, ...}`",
    good="executors: {count: 10}",
    source="kueue v0.19, pkg/controller/jobs/sparkapplication: ValidateCreate; kueue#7268, #9775; "
    "apache/spark-kubernetes-operator 1.0, docs/spark_custom_resources.md",
)
QUEUED_BY = {"spark-operator-2.5": ("kueue-0.19",)}


def check(workload: Workload) -> Iterator[Problem]:
    """The operator against the queue, and then the executors."""
    queue, chosen = workload.site.offer.get("queue"), workload.site.offer.find("platform", "spark")
    if workload.kind != "spark" or queue is None or chosen is None:
        return
    here = said(workload.site.offer["name"])
    elsewhere = f"or say under `environments` of `{workload.name}` where it runs"
    if said(chosen) not in QUEUED_BY:
        message = f"the queue of `{here}` never sees `{workload.name}`: its operator tells Kueue nothing"
        hint = f"have `platform: {{spark: spark-operator-2.5}}` there, {elsewhere}"
        yield Problem(RULE.id, chosen.span, message, hint, related=((queue.span, "the queue"),))
    elif said(queue["from"]) not in QUEUED_BY[said(chosen)]:
        message = f"the queue of `{here}` never sees `{workload.name}`: Kueue knows Spark from 0.17 on"
        hint = f"have Kueue brought to that and write `from: kueue-0.19`, {elsewhere}"
        yield Problem(RULE.id, queue["from"].span, message, hint, related=((workload.key.span, "the application"),))
    most = workload.spec.find("executors", "max")
    if most is not None and said(chosen) in QUEUED_BY:
        message = f"the queue of `{here}` refuses `{workload.name}`, whose executors come and go"
        gone = "".join(f"{key}: null, " for key in ("min", "max") if key in workload.spec["executors"])
        change = f"{{{workload.name}: {{executors: {{{gone}count: {said(most)}}}}}}}"
        hint = f"write `executors: {{count: {said(most)}}}`, for `{here}` alone `workloads: {change}`"
        yield Problem(RULE.id, most.span, message, hint, related=((queue.span, "the queue"),))
