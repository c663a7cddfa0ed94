"""A deadline for pods that are meant to run for ever."""

from collections.abc import Iterator

from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="active-deadline",
    title="A deadline for pods that are meant to run for ever",
    why="The API server refuses it in a Deployment, ReplicaSet, StatefulSet or DaemonSet: their pods never end.",
    bad="kind: Deployment\nspec: {template: {spec: {activeDeadlineSeconds: 600}}}",
    good="kind: Job\nspec: {activeDeadlineSeconds: 600}",
    source="kubernetes/pkg/apis/apps/validation: ValidatePodTemplateSpecForReplicaSet, ValidateStatefulSetSpec, "
    "ValidateDaemonSetSpec",
)
FOR_EVER = {"apps/v1 Deployment", "apps/v1 ReplicaSet", "apps/v1 StatefulSet", "apps/v1 DaemonSet"} | {
    "v1 ReplicationController"
}


def check(pod: Pod) -> Iterator[Fault]:
    """The field in a template of such a kind."""
    if pod.spec.get("activeDeadlineSeconds") is not None and pod.owner in FOR_EVER:
        where = (*pod.path, "activeDeadlineSeconds")
        kind = pod.owner.rpartition(" ")[2]
        yield Fault(where, RULE.id, f"the pods of a {kind} have no deadline", "take it away, or make it a Job")
