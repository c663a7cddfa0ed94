"""A GPU run that begins anew with nothing kept."""

from collections.abc import Iterator, Mapping

from mlgen.body import map_at, maps_at, number_at, text_at
from mlgen.gathered import Setting
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.practice import containers, git
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-checkpoint",
    title="A GPU run that begins anew with nothing kept",
    why=(
        "It is tried again, or its node is taken away, and all that was computed is lost: no volume outlives the pod."
    ),
    bad="backoffLimit: 3          # and no volume that is kept",
    good=(
        "backoffLimit: 3\n"
        "template: {spec: {volumes: [{name: checkpoints, persistentVolumeClaim: {claimName: checkpoints}}]}}"
    ),
    source="https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy",
    severity="warning",
    ignorable=True,
)

# Taints of nodes that the provider may take away.
SPOT = frozenset(
    (
        "kubernetes.azure.com/scalesetpriority",
        "cloud.google.com/gke-spot",
        "cloud.google.com/gke-preemptible",
        "eks.amazonaws.com/capacityType",
        "karpenter.sh/capacity-type",
    )
)
JOBS: Mapping[str, Path] = {"batch/v1 Job": ("spec",), "batch/v1 CronJob": ("spec", "jobTemplate", "spec")}
RETRIES = 6  # a Job's default
OWN_RETRIES = 2  # mlgen's default: who said nothing of it has not chosen to begin anew


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A GPU run that is retried or may lose its node, and mounts nothing for writing that outlives it."""
    if not (containers.ends(pod) and containers.wants_gpu(pod)) or containers.keeps(pod):
        return
    hint = "mount a claim or a bucket for checkpoints, or allow no retry"
    for path, toleration in maps_at(pod.spec, "tolerations"):
        if text_at(toleration, "key") in SPOT:
            message = "this run may lose its node, and keeps nothing of what it computed"
            yield Fault((*pod.path, *path), RULE.id, message, hint, "warning")
            return
    if (where := JOBS.get(pod.owner)) is not None:
        limits = (number_at(pod.holder, *where, key) for key in ("backoffLimitPerIndex", "backoffLimit"))
        said = next((limit for limit in limits if limit is not None), None)
        tries = RETRIES if said is None else said
        if tries > (OWN_RETRIES if git.ours(pod.holder) else 0):
            message = f"this run is tried again up to {tries} times, and keeps nothing of what it computed"
            yield Fault(_gpu(pod), RULE.id, message, hint, "warning")


def _gpu(pod: Pod) -> Path:
    """Where the pod asks for a GPU: what it computes there is what would be lost."""
    for path, container in containers.main(pod):
        for name in containers.gpus(container):
            side = "limits" if name in map_at(container, "resources", "limits") else "requests"
            return (*path, "resources", side, name)
    return pod.path
