"""A Spark workload -> the pod templates of its driver and executors, as Spark itself reads such.

Spark keeps what a template says but for the image, the processors and the memory, which settings decide: here they
stand once more as Spark will write them, for those who read templates and no settings. What a container asks for
besides, such as GPUs, stays (apache/spark, BasicDriverFeatureStep.scala, BasicExecutorFeatureStep.scala).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from mlgen import image, spot
from mlgen.kinds import spark_history, spark_pods, spark_size
from mlgen.kinds.spark_rights import executor_account
from mlgen.kinds.spark_volumes import local
from mlgen.kinds.training import without
from mlgen.node import Node
from mlgen.objects import named
from mlgen.pod import Pod, Volume, data_volumes, gpu_classes, named_in, placement, pod
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

# What Spark calls the two containers by itself.
DRIVER, EXECUTOR = "spark-kubernetes-driver", "spark-kubernetes-executor"


class Role(NamedTuple):
    """One of the two sorts of pod: its container's name, its size, where it goes, and further fields of its spec."""

    container: str
    size: Node
    gpus: Mapping[str, Draft]
    place: Workload
    spec: Mapping[str, Draft]


def driver(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """The driver, which asks Kubernetes for the executors. GPUs and spot nodes are theirs alone."""
    spec: dict[str, Draft] = {
        "serviceAccountName": named(workload),
        "automountServiceAccountToken": True,
        "initContainers": spark_history.folder(workload) or None,
    }
    role = Role(DRIVER, workload.spec["driver"], {}, spot.stays(_less(workload, "executors")), spec)
    return _pod(workload, role, env)


def executor(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """Each of the executors."""
    offered = workload.site.offer["gpus"]
    gpus = {said(offered[name]["resource"]): made(said(count), count) for name, count in gpu_classes(workload)}
    spec: dict[str, Draft] = {"serviceAccountName": executor_account(workload)}
    return _pod(workload, Role(EXECUTOR, workload.spec["executors"], gpus, workload, spec), env)


def _pod(workload: Workload, role: Role, env: Mapping[str, Draft]) -> Pod:
    """A pod as every kind has it. Its arguments are the driver's, which Spark writes."""
    asked = role.size
    memory = spark_size.memory(said(asked["memory"]), tenths=spark_pods.tenths(workload.spec["main"]))
    cpu, whole = made(said(asked["cpu"]), asked["cpu"]), made(f"{memory.heap + memory.overhead}Mi", asked["memory"])
    container: dict[str, Draft] = {
        "name": role.container,
        "image": image.of(workload),
        "resources": {
            "requests": {"cpu": cpu, "memory": whole, **role.gpus},
            "limits": {"memory": whole, **role.gpus},
        },
    }
    bare = _less(workload, "data", "args", "executors", spot.KEY)
    spec = {**role.spec, **placement(role.place)}
    return pod(bare, container, volumes=_volumes(workload), env=env, spec=spec)


def _volumes(workload: Workload) -> list[Volume]:
    """The data; scratch under the name by which Spark knows where to shuffle.

    Pods may share a folder of the node: in it Spark makes folders that have names of their own.
    """
    return [
        volume._replace(name=local(used), per_pod=False) if "scratch" in workload.data[said(used)] else volume
        for used, volume in zip(named_in(workload, "data"), data_volumes(workload), strict=True)
    ]


def _less(workload: Workload, *keys: str) -> Workload:
    spec = workload.spec
    for key in keys:
        spec = without(spec, key)
    return replace(workload, spec=spec)
