"""An image for GPUs in a pod that asks for none."""

import re
from collections.abc import Iterator

from mlgen import image_name
from mlgen.body import text_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="cuda-without-gpu",
    title="An image for GPUs in a pod that asks for none",
    why=(
        "It pulls gigabytes, and falls back to the processor or fails: the request for the GPU was forgotten, "
        "or the image is the wrong one."
    ),
    bad="image: nvidia/cuda:12.4.1-runtime-ubuntu22.04",
    good="image: nvidia/cuda:12.4.1-runtime-ubuntu22.04\nresources: {limits: {nvidia.com/gpu: 1}}",
    source="https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
    severity="warning",
    ignorable=True,
)

FOR_GPUS = re.compile(r"(^|[-_/.:])(cuda|cu1[0-9]{2}|rocm|gpu)([-_./0-9]|$)")


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """By the words of the repository and the tag. Launchers of MPI run none of it; plugins are on every node; what
    other operators make of a pod may ask elsewhere."""
    if "." in pod.owner.partition("/")[0] and not pod.owner.startswith("kubeflow.org/v1 "):
        return
    if "Launcher" in pod.path or pod.owner == "apps/v1 DaemonSet" or pod.spec.get("resourceClaims"):
        return
    if any(containers.gpus(container) for _, container in containers.main(pod)):
        return
    for path, container in containers.main(pod):
        reference = image_name.parse(text_at(container, "image"))
        if FOR_GPUS.search(reference.tag) or FOR_GPUS.search(reference.repository.rpartition("/")[2]):
            message = f"the image of {containers.called(container)} is made for GPUs, and the pod asks for none"
            yield Fault((*path, "image"), RULE.id, message, "ask for a GPU, or take another image", "warning")
