"""A pod asks for several parts of GPUs, of which a process sees one."""

from collections.abc import Iterator

from mlgen import nearby
from mlgen.pod import gpu_classes
from mlgen.problem import Problem, Severity
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="shared-gpu",
    title="Several parts of GPUs in one pod",
    why="Two turns on shared GPUs (`nvidia.com/gpu.shared`) may be turns on the same one: they are no more than one, "
    "and the device plugin may refuse them. Of slices (`nvidia.com/mig-...`) a process sees one, and slices exchange "
    "nothing with each other.",
    bad="resources: {gpu: {slice: 2}}            # and the class has `resource: nvidia.com/mig-1g.10gb`",
    good="resources: {gpu: {slice: 1}}",
    source="NVIDIA Multi-Instance GPU user guide (CUDA device enumeration); NVIDIA/k8s-device-plugin, README "
    "(failRequestsGreaterThanOne)",
)

SLICES, TURNS = "slices of GPUs", "turns on shared GPUs"


def check(workload: Workload) -> Iterator[Problem]:
    """Each class under `resources.gpu` that is shared or sliced."""
    for name, count in gpu_classes(workload):
        resource = workload.site.offer["gpus"][name]["resource"] if name in workload.site.offer["gpus"] else None
        what = part(said(resource)) if resource is not None else ""
        if resource is not None and what and said(count) != "1":
            message = f"a pod of `{workload.name}` asks for {said(count)} {what}, of which a process can use one"
            hint = "ask for one, or for a class of larger or whole GPUs"
            severity: Severity = "warning" if what == SLICES else "error"  # a pod may run a process for each
            related = ((resource.span, "what the class is"),)
            yield Problem(RULE.id, count.span, message, hint, severity, related)
        elif resource is not None and what == TURNS and nearby.together(workload):
            message = f"the pods of `{workload.name}` may all get turns on one GPU, and share its memory"
            hint = "ask for whole GPUs, or for slices, each of which has memory of its own"
            related = ((resource.span, "what the class is"),)
            yield Problem(RULE.id, count.span, message, hint, "warning", related)


def part(resource: str) -> str:
    """What of a GPU a resource stands for, of which a pod can use one; empty for whole ones."""
    name = resource.partition("/")[2]
    if name.startswith("mig-"):
        return SLICES
    return TURNS if name.endswith(".shared") else ""
