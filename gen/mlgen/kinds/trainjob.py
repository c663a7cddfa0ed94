"""A ``pytorch`` workload on Kubeflow Trainer 2 -> a TrainJob of a runtime that the environment names.

The runtime belongs to the cluster and is there before any run: the operator's webhook refuses a TrainJob whose runtime
is not, even when it is only tried out, so that an engine that tries all objects first would never get to apply one that
came along. What a runtime has, the TrainJob says differently in a field that every version calls by another name:
`trainjob_2_0`, `trainjob_2_1` and `trainjob_2_2` know it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import beside, image, nearby, peers, runs
from mlgen.beside.needs import Metrics, Needs, own_metrics, watching
from mlgen.kinds import jobset, pytorch, tensorboard, training
from mlgen.objects import Object, named, pod_labels, service_account
from mlgen.pod import (
    Volume,
    data_volumes,
    each_once,
    notes,
    own_folder,
    placement,
    pull_secrets,
    resources,
    secret_volumes,
    security,
    variables,
)
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

API_VERSION = "trainer.kubeflow.org/v1alpha1"
# The operator looks for both by this name, and makes a JobSet whose pods are called after the job.
JOB = CONTAINER = "node"


class Part(NamedTuple):
    """What one run asks of the runtime's pods, in the words of Kubernetes."""

    metadata: Mapping[str, Draft]
    spec: Mapping[str, Draft]
    container: Mapping[str, Draft]
    security: Mapping[str, Draft]


class Version(NamedTuple):
    """``field`` of the TrainJob has what ``patched`` makes of a part; the flags tell what it can say."""

    field: str
    patched: Callable[[Part], Draft]
    labels: bool = True
    pull_secrets: bool = True
    security: bool = True
    deadline: bool = True
    entry_point: bool = True
    queue: bool = True


def build(workload: Workload, version: Version) -> Iterator[Object]:
    """The TrainJob, or the Job of one pod."""
    if training.workers(workload) == 1:
        yield from pytorch.alone(workload)
        return
    mounts = [shared_memory(workload), *data_volumes(workload), *secret_volumes(workload)]
    run = runs.run(workload, API_VERSION, "TrainJob", lambda env: spec(workload, version, mounts, env))
    yield account(workload, version)
    yield from (found for volume in mounts for found in volume.objects)
    yield run
    yield from tensorboard.objects(workload)
    metrics = metrics_of(workload) if version.labels else None
    yield from beside.objects(workload, Needs(peers=True, metrics=metrics, watched=watching(run)))


def spec(
    workload: Workload, version: Version, mounts: Sequence[Volume], env: Mapping[str, Draft]
) -> Mapping[str, Draft]:
    """The TrainJob's spec."""
    return {
        "runtimeRef": {"kind": "ClusterTrainingRuntime", "name": workload.site.offer["runtimes"]["pytorch"]},
        "activeDeadlineSeconds": training.deadline(workload) if version.deadline else None,
        "trainer": trainer(workload, mounts, env),
        version.field: [version.patched(part(workload, version, mounts))],
    }


def trainer(workload: Workload, mounts: Sequence[Volume], env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The container that trains, and how often. The operator sets what torchrun reads; other scripts read the rest."""
    meeting = pytorch.rendezvous(workload, jobset.host(workload, JOB, 0), peers.INDEX)
    ours = {name: value for name, value in meeting.items() if not name.startswith("PET_")}
    each = pytorch.processes(workload)
    return {
        "numNodes": workload.spec["workers"],
        "numProcPerNode": made(int(said(each)), *each.sources),
        "image": image.of(workload),
        "command": workload.spec.get("command"),
        "args": workload.spec.get("args"),
        "env": list(variables(workload, {**env, **ours, **own_folder(mounts)})),
        "resourcesPerNode": resources(workload),
    }


def part(workload: Workload, version: Version, mounts: Sequence[Volume]) -> Part:
    """Who the pods are, where they go, and what they mount."""
    pod: dict[str, Draft] = {
        "serviceAccountName": named(workload),
        **placement(workload),
        "affinity": nearby.affinity(workload) if version.labels else None,
        "volumes": list(each_once(workload, mounts)),
    }
    pulls = pull_secrets(workload)
    container: dict[str, Draft] = {"name": CONTAINER, "volumeMounts": [volume.mount for volume in mounts]}
    metadata = {
        "labels": pod_labels(workload),
        "annotations": {**(notes(mounts) or {}), **nearby.notes(workload)} or None,
    }
    return Part(metadata, {**pod, "imagePullSecrets": pulls}, container, security(workload))


def account(workload: Workload, version: Version) -> Object:
    """The account; where a TrainJob cannot say what may pull the image, the account does."""
    found = service_account(workload)
    if version.pull_secrets:
        return found
    return found._replace(body={**found.body, "imagePullSecrets": pull_secrets(workload)})


def metrics_of(workload: Workload) -> Metrics | None:
    """The metrics that the spec says its pods show. The runtime's container does not declare their port."""
    found = own_metrics(workload)
    return None if found is None else found._replace(through=pytorch.PORT)
