"""What the kinds of training share: what stands around a run, and the plain Job where one pod is enough."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mlgen import beside, runs, spot
from mlgen.beside.needs import Needs, own_metrics, watching
from mlgen.kinds import tensorboard
from mlgen.node import Node
from mlgen.objects import Object, service_account
from mlgen.pod import Pod
from mlgen.quantity import seconds
from mlgen.runs import Spec
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


def objects(workload: Workload, pod: Pod, run: Object, *, peers: bool, api_server: bool = False) -> Iterator[Object]:
    """The account, what ``pod`` needs, the run itself, its TensorBoard, and what stands beside them.

    ``peers`` tells whether there are several pods, which then talk to each other on any port; ``api_server`` whether
    one of them calls the Kubernetes API.
    """
    yield service_account(workload)
    yield from pod.objects
    yield run
    yield from tensorboard.objects(workload)
    needs = Needs(peers=peers, api_server=api_server, metrics=own_metrics(workload), watched=watching(run))
    yield from beside.objects(workload, needs)


def job(workload: Workload, spec: Spec, *, notes: Mapping[str, Draft] | None = None) -> Object:
    """A run as a Job of Kubernetes itself, with these annotations."""
    return runs.run(workload, "batch/v1", "Job", spec, notes=notes)


def one_pod(workload: Workload, pod: Pod) -> Mapping[str, Draft]:
    """The spec of a Job of one pod."""
    return {
        "backoffLimit": workload.spec["retries"],
        "activeDeadlineSeconds": deadline(workload),
        **spot.forgiven(workload),
        "template": pod.template,
    }


def workers(workload: Workload) -> int:
    """How many pods train."""
    return int(said(workload.spec["workers"]))


def deadline(workload: Workload) -> Made:
    """The run's ``timeout`` in seconds."""
    timeout = workload.spec["timeout"]
    return made(seconds(said(timeout)), timeout)


def without(node: Node, key: str) -> Node:
    """A map without one of its keys."""
    return replace(node, value={name: value for name, value in node.entries.items() if name != key})
