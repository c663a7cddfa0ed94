"""A pod that tolerates GPU nodes and asks for no GPU."""

from collections.abc import Iterator

from mlgen.body import maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="gpu-node-for-nothing",
    title="A pod that tolerates GPU nodes and asks for no GPU",
    why="It may take the processors and the memory of a node whose GPUs then nobody can use.",
    bad="tolerations: [{key: nvidia.com/gpu, operator: Exists}]",
    good=(
        "tolerations: [{key: nvidia.com/gpu, operator: Exists}]\n"
        "containers: [{resources: {limits: {nvidia.com/gpu: 1}}}]"
    ),
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#example-use-cases",
    severity="warning",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A toleration whose key is that of a GPU's resource; what runs on every node is left alone."""
    if not pod.spec.get("tolerations") or pod.owner == "apps/v1 DaemonSet" or pod.spec.get("resourceClaims"):
        return
    every = [container for _, container in containers.every(pod)]
    if not every or any(map(containers.gpus, every)):  # none is whole: a part that is laid over somebody's pod
        return
    for path, toleration in maps_at(pod.spec, "tolerations"):
        key = text_at(toleration, "key")
        if containers.is_gpu(key):
            message = f"this pod may take a node that is kept for {code(key)}, and asks for none"
            yield Fault((*pod.path, *path, "key"), RULE.id, message, "remove this, or ask for a GPU", "warning")
