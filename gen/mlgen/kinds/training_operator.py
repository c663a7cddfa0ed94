"""What TFJob and PyTorchJob have in common: the API of Kubeflow's Training Operator 1.9."""

from collections.abc import Mapping

from mlgen import gang
from mlgen.kinds.training import deadline
from mlgen.node import Node
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

API_VERSION = "kubeflow.org/v1"


def run_policy(workload: Workload, pods: int, together: int) -> Mapping[str, Draft]:
    """How often and how long ``pods`` in all are tried, of ``together`` that start together.

    Pods that still run when the run is over are removed, finished ones stay with their logs. There is no
    `ttlSecondsAfterFinished`: git owns the object. Nor is there `suspend`: a queue owns that.
    """
    return {
        "cleanPodPolicy": "Running",
        "backoffLimit": restarts(workload, pods),
        "activeDeadlineSeconds": deadline(workload),
        **gang.policy(workload, made(together, workload.spec["workers"])),
    }


def restarts(workload: Workload, pods: int) -> Made:
    """The `backoffLimit` that lets each of ``pods`` be tried again as often as ``retries`` says.

    The operator adds up the restarts of all running pods, and gives up when the sum reaches the limit, not when it
    passes it: a limit of 1 would allow none. Only 0 means what it says (training-operator, pkg/core/job.go,
    PastBackoffLimit). Where one pod crashes its peers crash with it, so the sum grows by all of them.
    """
    retries = workload.spec["retries"]
    times = int(said(retries))
    return made(times * pods + 1 if times else 0, retries, workload.spec["workers"])


def replica(pod: Pod, count: Node | Made) -> Mapping[str, Draft]:
    """Some equal pods. The restart policy stands here, where it overrides the pod template's own.

    `OnFailure`: with `Never` one crash would end the run, and `ExitCode` calls every Python traceback permanent.
    """
    return {"replicas": count, "restartPolicy": "OnFailure", "template": pod.template}
