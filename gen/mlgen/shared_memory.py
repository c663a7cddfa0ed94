"""A workload -> the volume at /dev/shm through which the processes of one pod hand data to each other."""

from mlgen.pod import Volume
from mlgen.quantity import half
from mlgen.site import Workload
from mlgen.trace import made, said

PATH = "/dev/shm"


def shared_memory(workload: Workload) -> Volume:
    """As much as the spec says, else half of the pod's memory, which is Linux's own rule; a container's has 64 MiB.

    What lies there is memory of the pod, and counts against its limit.
    """
    memory = workload.spec["resources"]["memory"]
    size = workload.spec.get("sharedMemory") or made(half(said(memory)), memory)
    return Volume("dev-shm", PATH, {"emptyDir": {"medium": "Memory", "sizeLimit": size}})
