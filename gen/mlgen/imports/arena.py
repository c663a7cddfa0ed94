"""A job in the words of Arena v2 -> the job of Kubeflow's Training Operator that Arena would submit.

Every value keeps its place. https://github.com/kubeflow/arena, branch develop-v2, docs/yaml-schema.md
"""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.imports.source import Source, text
from mlgen.imports.translation import Reading, drafted
from mlgen.node import Node, Path
from mlgen.problem import MlgenError, Problem
from mlgen.quantity import SECONDS

TOOL = "Arena"
SHELL = "/bin/sh"


class Framework(NamedTuple):
    """The job of a framework: where its pods are, in Arena's words and in the job's, and its container's name."""

    kind: str
    replicas: str
    container: str
    roles: dict[str, str]


MPI = Framework("MPIJob", "mpiReplicaSpecs", "mpi", {"launcher": "Launcher", "worker": "Worker"})
FRAMEWORKS = {
    "pytorch": Framework("PyTorchJob", "pytorchReplicaSpecs", "pytorch", {"master": "Master", "worker": "Worker"}),
    "tensorflow": Framework(
        "TFJob",
        "tfReplicaSpecs",
        "tensorflow",
        {"worker": "Worker", "chief": "Chief", "ps": "PS", "evaluator": "Evaluator"},
    ),
    **dict.fromkeys(("mpi", "deepspeed", "horovod"), MPI),
}
POLICY = {"clean_pod_policy": "cleanPodPolicy", "backoff_limit": "backoffLimit"}
TIMES = {"active_deadline": "activeDeadlineSeconds", "ttl_after_finished": "ttlSecondsAfterFinished"}
SCHEDULING = {
    "node_selector": "nodeSelector",
    "tolerations": "tolerations",
    "priority_class_name": "priorityClassName",
    "scheduler_name": "schedulerName",
}


def speaks(document: Node) -> bool:
    """Whether a document is a job of Arena's."""
    return bool(text(document, "framework", "name") and text(document, "name")) and "kind" not in document


def objects(document: Node) -> Iterator[Source]:
    """The job. Raises MlgenError for a framework that has none."""
    reading = Reading(document, TOOL)
    named = text(document, "framework", "name")
    framework = FRAMEWORKS.get(named)
    if framework is None:
        message = f"there is no job of `{named}` in mlgen that Arena could submit"
        known = ", ".join(FRAMEWORKS)
        raise MlgenError(Problem("not-importable", document["framework"]["name"].span, message, f"known are: {known}"))
    for path in (("framework", "name"), ("version",), ("description",)):
        reading.get(*path)
    body = drafted(_body(reading, framework), document.span)
    kind = Node(framework.kind, document["framework"]["name"].span)
    yield Source(Node({**body.entries, "kind": kind}, body.span, body.keys), notes=reading.unread())


def _body(reading: Reading, framework: Framework) -> dict[str, object]:
    metadata = {key: reading.get(key) for key in ("name", "namespace", "labels", "annotations")}
    policy: dict[str, object] = {ours: reading.get("lifecycle", theirs) for theirs, ours in POLICY.items()}
    policy |= {ours: _seconds(reading.get("lifecycle", theirs)) for theirs, ours in TIMES.items()}
    spec: dict[str, object] = {
        "runPolicy": policy if any(value is not None for value in policy.values()) else None,
        "slotsPerWorker": reading.get("framework", "options", "slots_per_worker") if framework is MPI else None,
        "nprocPerNode": _nproc(reading) if framework.kind == "PyTorchJob" else None,
        "successPolicy": reading.get("lifecycle", "success_policy") if framework.kind == "TFJob" else None,
        framework.replicas: dict(_replicas(reading, framework)),
    }
    return {"apiVersion": "kubeflow.org/v1", "kind": framework.kind, "metadata": metadata, "spec": spec}


def _replicas(reading: Reading, framework: Framework) -> Iterator[tuple[str, object]]:
    document = reading.document
    for theirs, ours in framework.roles.items():
        # A master that is not said is as the workers are, and MPI needs a launcher in any case.
        like = theirs if theirs in document else "worker" if theirs == "master" else ""
        if not like and theirs != "launcher":
            continue
        single = theirs not in ("worker", "ps")
        yield (
            ours,
            {
                "replicas": 1 if single else reading.get(theirs, "replicas"),
                "template": {"spec": _pod(reading, framework, theirs, like)},
            },
        )


def _pod(reading: Reading, framework: Framework, role: str, like: str) -> dict[str, object]:
    """One pod; ``like`` is the role whose resources and variables it has."""
    resources = reading.get(like, "resources") if like else None
    sized = resources if resources is not None and resources.entries else None
    run = reading.get("run")
    runs = run is not None and not (framework is MPI and role == "worker")
    container: dict[str, object] = {
        "name": framework.container,
        "image": reading.get("image"),
        "workingDir": reading.get("working_dir"),
        "command": [reading.get("shell") or SHELL, "-c", run] if runs else None,
        "env": list(_variables(reading, like)) or None,
        "resources": {"requests": sized, "limits": sized} if sized is not None else None,
    }
    storages = [(path, item) for path, item in reading.items("storages") if text(item, "name")]
    container["volumeMounts"] = [_mount(reading, path) for path, _ in storages] or None
    placed = {ours: reading.get("scheduling", theirs) for theirs, ours in SCHEDULING.items()}
    return {**placed, "containers": [container], "volumes": [_volume(reading, path) for path, _ in storages] or None}


def _variables(reading: Reading, role: str) -> Iterator[object]:
    """Those of all pods, and over them those of the role."""
    found: dict[str, tuple[Path, Node]] = {}
    for place in (("envs",), (role, "envs")):
        found |= {key: ((*place, key), node) for key, node in reading.entries(*place).items()}
    for key, (path, node) in found.items():
        reading.get(*path)
        source = {kind: node.get(kind) for kind in ("secret", "configmap")}
        word = next((kind for kind, name in source.items() if name is not None), "")
        if word:
            reference = {"name": source[word], "key": node.get("key")}
            yield {"name": key, "valueFrom": {"secretKeyRef" if word == "secret" else "configMapKeyRef": reference}}
        elif not node.entries and node.value is not None:
            yield {"name": key, "value": Node(node.text or str(node.value), node.span)}


def _mount(reading: Reading, path: Path) -> dict[str, object]:
    at = reading.get(*path, "mount_path")
    return {
        "name": reading.get(*path, "name"),
        "mountPath": at if at is not None else "/dev/shm",
        "subPath": reading.get(*path, "sub_path") or reading.get(*path, "key"),
    }


def _volume(reading: Reading, path: Path) -> dict[str, object]:
    """A volume of the one sort that an entry names."""
    found = {key: reading.get(*path, key) for key in ("pvc", "shm", "tmp", "hostpath", "configmap", "secret")}
    sources: dict[str, object] = {
        "pvc": {"persistentVolumeClaim": {"claimName": found["pvc"]}},
        "shm": {"emptyDir": {"medium": "Memory", "sizeLimit": found["shm"]}},
        "tmp": {"emptyDir": {"sizeLimit": found["tmp"]}},
        "hostpath": {"hostPath": {"path": found["hostpath"]}},
        "configmap": {"configMap": {"name": found["configmap"]}},
        "secret": {"secret": {"secretName": found["secret"]}},
    }
    kind = next((key for key, value in found.items() if value is not None), "")
    source = sources.get(kind, {})
    return {"name": reading.get(*path, "name"), **(source if isinstance(source, dict) else {})}


def _nproc(reading: Reading) -> Node | None:
    found = reading.get("framework", "options", "nproc_per_node")
    return Node(found.text or str(found.value), found.span) if found is not None and not found.entries else None


def _seconds(found: Node | None) -> Node | None:
    """A time such as `2h` in seconds."""
    value = found.value if found is not None else None
    if found is None or not isinstance(value, str) or value[-1:] not in SECONDS or not value[:-1].isdecimal():
        return found
    return Node(int(value[:-1][:9]) * SECONDS[value[-1]], found.span)
