"""A pod that asks for a GPU and cannot get to its nodes."""

from collections.abc import Iterator, Mapping

from mlgen import gpu_classes
from mlgen.body import map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Node, Path
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="gpu-placement",
    title="A pod that asks for a GPU and cannot get to its nodes",
    why=(
        "Nodes with GPUs are tainted, and the environment says how: a pod that does not tolerate it waits for "
        "ever; one without the class's node selector gets whichever GPU is free."
    ),
    bad="limits: {nvidia.com/gpu: 1}",
    good="limits: {nvidia.com/gpu: 1}          # and the tolerations and the node selector of the environment's class",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Against the classes of the environment that have the resource."""
    if setting.offer is None or not containers.wants_gpu(pod):
        return
    offered = gpu_classes.classes(setting.offer)
    for path, container in containers.main(pod):
        for resource in containers.gpus(container):
            side = "limits" if resource in map_at(container, "resources", "limits") else "requests"
            where = (*path, "resources", side, resource)
            fitting = {name: one for name, one in offered.items() if said(one["resource"]) == resource}
            if not fitting:
                environment = code(said(setting.offer["name"]))
                message = f"no class of GPU in {environment} has the resource {code(resource)}"
                yield Fault(where, RULE.id, message, "ask for one that it has, or add the class under `gpus`")
            else:
                yield from _placed(pod, fitting, where)


def _placed(pod: Pod, fitting: Mapping[str, Node], where: Path) -> Iterator[Fault]:
    names = " or ".join(code(name) for name in fitting)
    if not any(gpu_classes.tolerated(one, pod.spec) for one in fitting.values()):
        hint = "write the tolerations that the environment gives this class"
        message = f"the pod does not tolerate the taint of nodes with {names}, and waits for ever"
        yield Fault((*pod.path, "tolerations") if "tolerations" in pod.spec else where, RULE.id, message, hint)
    elif not any(gpu_classes.chosen(one, pod.spec) for one in fitting.values()):
        message = f"the pod does not say which nodes: it may get another GPU than {names}"
        hint = "write the node selector that the environment gives this class"
        yield Fault(
            (*pod.path, "nodeSelector") if "nodeSelector" in pod.spec else where, RULE.id, message, hint, "warning"
        )
