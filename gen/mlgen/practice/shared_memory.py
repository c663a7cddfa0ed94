"""A torch training without shared memory."""

import re
from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at, text_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="shared-memory",
    title="A torch training without shared memory",
    why=(
        "Workers of a DataLoader and NCCL pass tensors through /dev/shm, and a container has 64 MB of it: the "
        "training dies with a bus error."
    ),
    bad="command: [torchrun, train.py]",
    good=(
        "volumeMounts: [{name: shm, mountPath: /dev/shm}]          # volumes: [{name: shm, "
        "emptyDir: {medium: Memory, sizeLimit: 8Gi}}]"
    ),
    source="https://docs.pytorch.org/docs/stable/multiprocessing.html#file-system-file-system",
    severity="warning",
    ignorable=True,
)

LAUNCHERS = re.compile(r"\b(torchrun|torch\.distributed|deepspeed|accelerate launch)\b")


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A container of a PyTorchJob, or one that starts torch's launcher, with GPUs and no volume at /dev/shm."""
    if pod.spec.get("hostIPC") is True:
        return
    for path, container in containers.main(pod):
        if not containers.gpus(container) or not (containers.kind(pod) == "PyTorchJob" or _launches(container)):
            continue
        if not any(
            text_at(mount, "mountPath").rstrip("/") == "/dev/shm" for _, mount in maps_at(container, "volumeMounts")
        ):
            message = f"{containers.called(container)} has 64 MB of shared memory for torch's workers"
            hint = "mount an emptyDir with `medium: Memory` and a `sizeLimit` at /dev/shm"
            where = (*path, "volumeMounts") if container.get("volumeMounts") else path
            yield Fault(where, RULE.id, message, hint, "warning")


def _launches(container: Body) -> bool:
    words = [word for key in ("command", "args") for word in list_at(container, key) if isinstance(word, str)]
    return bool(words) and LAUNCHERS.search(" ".join(words)) is not None
