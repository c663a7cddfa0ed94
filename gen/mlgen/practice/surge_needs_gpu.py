"""A rollout that needs a GPU more than there are."""

from collections.abc import Iterator

from mlgen import gpu_classes
from mlgen.body import at, map_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, git
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="surge-needs-gpu",
    title="A rollout that needs a GPU more than there are",
    why=(
        "The new pod starts beside the old one and waits for a free GPU: where there is none, the rollout stands still."
    ),
    bad="strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}",
    good="strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A Deployment with GPUs that is rolled out with a surge and without going below its number.

    mlgen's own are rolled out so that somebody answers all the time; the environment's GPUs are counted for that.
    """
    if pod.owner != "apps/v1 Deployment" or not containers.wants_gpu(pod):
        return
    if git.ours(pod.holder) or _counted(pod, setting):
        return
    strategy = map_at(pod.holder, "spec", "strategy")
    if strategy.get("type") == "Recreate":
        return
    surge = at(strategy, "rollingUpdate", "maxSurge")
    if surge not in (0, "0", "0%") and at(strategy, "rollingUpdate", "maxUnavailable") in (0, "0", "0%", None):
        where = containers.nearest_to(pod.holder, (), "spec", "strategy", "rollingUpdate")
        message = "each rollout waits for one more free GPU than the pods have"
        hint = "write `rollingUpdate: {maxSurge: 0, maxUnavailable: 1}`, or keep a GPU free"
        yield Fault((*where, "maxSurge") if surge is not None else where, RULE.id, message, hint, "warning")


def _counted(pod: Pod, setting: Setting) -> bool:
    """Whether the environment says how many GPUs it has: then what a rollout needs is counted among them."""
    offered = gpu_classes.classes(setting.offer).values() if setting.offer is not None else ()
    wanted = {name for _, container in containers.main(pod) for name in containers.gpus(container)}
    return any("total" in one and said(one["resource"]) in wanted for one in offered)
