"""A Spark workload -> its driver and its executors, as the operator is told of them.

The operator hands sizes, labels and accounts to spark-submit; its webhook writes the rest into the pods that Spark
makes (kubeflow/spark-operator, submission.go and sparkpod_defaulter.go).
"""

from collections.abc import Mapping
from dataclasses import replace

from mlgen import priority, spot
from mlgen.kinds import spark_history, spark_size
from mlgen.kinds.spark_rights import executor_account
from mlgen.kinds.spark_volumes import Volumes
from mlgen.node import Node
from mlgen.objects import named, pod_labels
from mlgen.pod import gpu_classes, placement, security, variables
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

LANGUAGES = {".py": "Python", ".R": "R", ".jar": "Scala"}


def language(main: Node) -> str:
    """The language of the main file, by its ending, which the schema has checked."""
    return next(name for ending, name in LANGUAGES.items() if said(main).endswith(ending))


def tenths(main: Node) -> int:
    """Spark's own share of a pod's memory, in tenths of the heap."""
    return spark_size.TENTHS_ON_THE_JVM if language(main) == "Scala" else spark_size.TENTHS_BESIDE_IT


def driver(workload: Workload, volumes: Volumes, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """The driver, which asks Kubernetes for the executors. GPUs and spot nodes are theirs alone."""
    rest = {key: node for key, node in workload.spec.entries.items() if key != "executors"}
    alone = spot.stays(replace(workload, spec=replace(workload.spec, value=rest)))
    return {
        **_pod(workload, workload.spec["driver"], volumes, env),
        **placement(alone),
        "serviceAccount": named(workload),
        "initContainers": spark_history.folder(workload) or None,
    }


def executor(workload: Workload, volumes: Volumes, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """Each of the executors, and how many there are where that number is fixed."""
    asked = workload.spec["executors"]
    return {
        "instances": asked.get("count"),
        **_pod(workload, asked, volumes, env),
        **placement(workload),
        "gpu": _gpu(workload),
        "serviceAccount": executor_account(workload),
    }


def _pod(workload: Workload, asked: Node, volumes: Volumes, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """What both have. Processors are requested and not limited, as for every other kind."""
    memory = spark_size.memory(said(asked["memory"]), tenths=tenths(workload.spec["main"]))
    return {
        "cores": made(spark_size.cores(said(asked["cpu"])), asked["cpu"]),
        "coreRequest": made(said(asked["cpu"]), asked["cpu"]),
        "memory": made(f"{memory.heap}m", asked["memory"]),
        "memoryOverhead": made(f"{memory.overhead}m", asked["memory"]),
        "labels": pod_labels(workload),
        "annotations": volumes.notes,
        "priorityClassName": priority.of(workload, "class"),
        "env": list(variables(workload, {**env, **volumes.env})) or None,
        "podSecurityContext": security(workload),
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": volumes.mounts or None,
    }


def _gpu(workload: Workload) -> Draft:
    """The GPUs of one executor: of one class, as the schema says."""
    for name, count in gpu_classes(workload):
        return {"name": workload.site.offer["gpus"][name]["resource"], "quantity": count}
    return None
