"""A pod -> what good practice asks about it: the work it does, what its containers ask for, and what they keep."""

from collections.abc import Iterator
from fractions import Fraction

from mlgen.amount import quantity
from mlgen.body import Body, at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json, Key, Path
from mlgen.pods import CONTAINERS, Pod

# What runs to its end, whatever the group; the rest is there until it is taken away.
RUNS = frozenset(
    "Job CronJob TFJob PyTorchJob MPIJob XGBoostJob PaddleJob JAXJob TrainJob RayJob JobSet Workflow "
    "CronWorkflow Experiment".split()
)
# What is only a part, which somebody's object completes.
PARTS = frozenset("TrainingRuntime ClusterTrainingRuntime LLMInferenceServiceConfig PodTemplate".split())
SERVING = frozenset(("apps/v1 Deployment", "apps/v1 StatefulSet"))
# Sources of volumes whose data outlives the pod.
KEPT = ("persistentVolumeClaim", "csi", "nfs", "azureFile", "hostPath", "glusterfs", "cephfs", "iscsi")


def kind(pod: Pod) -> str:
    """The kind of what makes the pod."""
    return pod.owner.partition(" ")[2]


def ends(pod: Pod) -> bool:
    """Whether the pod is one that runs to its end."""
    return kind(pod) in RUNS


def main(pod: Pod) -> Iterator[tuple[Path, Body]]:
    """The containers that do the pod's work, each with its path in the object.

    What names no image is only a part of one, which an operator lays over another, or has said what it lacks.
    """
    return _listed(pod, "containers")


def every(pod: Pod) -> Iterator[tuple[Path, Body]]:
    """All of them, those that run first, first."""
    for name in CONTAINERS:
        if name in pod.spec:
            yield from _listed(pod, name)


def _listed(pod: Pod, name: str) -> Iterator[tuple[Path, Body]]:
    items = pod.spec.get(name)  # by hand: every rule asks for it
    for index, container in enumerate(items if isinstance(items, list) else ()):
        if isinstance(container, dict) and "image" in container:
            yield (*pod.path, name, index), container


def called(container: Body) -> str:
    """A container as messages name it."""
    name = text_at(container, "name")
    return f"the container {code(name)}" if name else "the container"


def gpus(container: Body) -> dict[str, Fraction]:
    """How many of each sort of GPU a container asks for: the limit, as an extended resource has no other amount."""
    resources = map_at(container, "resources")
    asked = {**map_at(resources, "requests"), **map_at(resources, "limits")} if resources else {}
    found = {name: quantity(amount) for name, amount in asked.items() if "/" in name and is_gpu(name)}
    return {name: amount for name, amount in found.items() if amount is not None and amount > 0}


def is_gpu(resource: str) -> bool:
    """Whether an extended resource is a GPU or a part of one."""
    domain, slash, name = resource.partition("/")
    return bool(slash) and "." in domain and (name == "gpu" or name.startswith(("gpu.", "mig-")))


def wants_gpu(pod: Pod) -> bool:
    """Whether any of its containers asks for a GPU."""
    return any(gpus(container) for _, container in main(pod))


def asked(container: Body, resource: str) -> Fraction | None:
    """How much of a resource a container asks for: its request, else its limit, which the API server takes for one."""
    resources = map_at(container, "resources")
    requested = quantity(at(resources, "requests", resource))
    return requested if requested is not None else quantity(at(resources, "limits", resource))


def nearest_to(value: Json, path: Path, *keys: Key) -> Path:
    """Where something is missing: the deepest map on the way along ``keys`` from ``value``, which is at ``path``."""
    for key in keys:
        below = at(value, key)
        if not isinstance(below, dict):
            return path
        value, path = below, (*path, key)
    return path


def volumes(pod: Pod) -> dict[str, Body]:
    """The pod's volumes by name."""
    return {text_at(volume, "name"): volume for _, volume in maps_at(pod.spec, "volumes")}


def keeps(pod: Pod) -> bool:
    """Whether a container may write what outlives the pod."""
    found = volumes(pod)
    claims = {text_at(claim, "metadata", "name") for _, claim in maps_at(pod.holder, "spec", "volumeClaimTemplates")}
    for _, container in main(pod):
        for _, mount in maps_at(container, "volumeMounts"):
            name = text_at(mount, "name")
            if mount.get("readOnly") is not True and (name in claims or _kept(found.get(name, {}))):
                return True
    return False


def _kept(volume: Body) -> bool:
    sources = [map_at(volume, source) for source in KEPT if isinstance(volume.get(source), dict)]
    return any(source.get("readOnly") is not True for source in sources)


def servers(pod: Pod) -> Iterator[tuple[Path, Body]]:
    """The containers that others send requests to: those with ports, of what serves; a port for metrics is none."""
    if pod.owner in SERVING:
        for path, container in main(pod):
            names = [text_at(port, "name") for _, port in maps_at(container, "ports")]
            if any("metrics" not in name for name in names):
                yield path, container
