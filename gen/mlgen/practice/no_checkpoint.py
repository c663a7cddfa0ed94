"""A run that begins anew with nothing kept, on a GPU or on nodes that are taken away."""

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
    title="A run on a GPU, or on spot nodes, that begins anew with nothing kept",
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
    """A run that may lose its node, or a GPU run that is retried, and mounts nothing for writing that outlives it."""
    if not containers.ends(pod) or containers.keeps(pod):
        return
    hint = "mount a claim or a bucket for checkpoints, or allow no retry"
    lost = next(_may_go(pod, setting), None)
    if lost is not None:
        message = "this run may lose its node, and keeps nothing of what it computed"
        yield Fault(lost, RULE.id, message, hint, "warning")
        return
    if not containers.wants_gpu(pod):
        return
    if (where := JOBS.get(pod.owner)) is not None:
        limits = (number_at(pod.holder, *where, key) for key in ("backoffLimitPerIndex", "backoffLimit"))
        said = next((limit for limit in limits if limit is not None), None)
        tries = RETRIES if said is None else said
        if tries > (OWN_RETRIES if git.ours(pod.holder) else 0):
            message = f"this run is tried again up to {tries} times, and keeps nothing of what it computed"
            yield Fault(_gpu(pod), RULE.id, message, hint, "warning")


def _may_go(pod: Pod, setting: Setting) -> Iterator[Path]:
    """Where a pod says that it goes to nodes that are taken away: the environment's spot nodes, or with a GPU to those
    of a known cloud."""
    offered = setting.offer.get("spot") if setting.offer is not None else None
    if offered is not None:
        own, nodes = offered.plain(), map_at(offered.plain(), "nodeSelector")
        if nodes and nodes.items() <= map_at(pod.spec, "nodeSelector").items():
            yield (*pod.path, "nodeSelector", next(iter(nodes)))
        known = [one for _, one in maps_at(own, "tolerations")]
        yield from ((*pod.path, *path) for path, one in maps_at(pod.spec, "tolerations") if one in known)
    if containers.wants_gpu(pod):
        for path, toleration in maps_at(pod.spec, "tolerations"):
            if text_at(toleration, "key") in SPOT:
                yield (*pod.path, *path)


def _gpu(pod: Pod) -> Path:
    """Where the pod asks for a GPU: what it computes there is what would be lost."""
    for path, container in containers.main(pod):
        for name in containers.gpus(container):
            side = "limits" if name in map_at(container, "resources", "limits") else "requests"
            return (*path, "resources", side, name)
    return pod.path
