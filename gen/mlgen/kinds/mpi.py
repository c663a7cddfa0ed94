"""An ``mpi`` workload on Kubeflow's Training Operator 1.9 -> an MPIJob: a launcher, and the workers that it reaches.

The launcher reaches them with `kubectl exec`, for which the operator gives its account the right, a binary and a list
of the workers; these have no command, and the operator lets them sleep (training-operator,
pkg/controller.v1/mpi/mpijob_controller.go). What brings the binary is an init container without a security context.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mlgen import image, runs, spot
from mlgen.beside.needs import metrics_port
from mlgen.kinds import training, training_operator
from mlgen.kinds.training_operator import replica
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Pod, gpu_classes, pod
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

CONTAINER = "mpi"
# Where the operator puts what it brings.
MOUNTS = ("/etc/mpi", "/opt/kube")


def build(workload: Workload) -> Iterator[Object]:
    """The MPIJob and what stands around it."""
    run = runs.run(workload, training_operator.API_VERSION, "MPIJob", lambda env: spec(workload, env))
    yield from training.objects(workload, worker(workload, {}), run, peers=True, api_server=True)


def spec(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The MPIJob's spec. Only the launcher is ever tried again: workers sleep until it has ended."""
    return {
        "slotsPerWorker": workload.spec.get("slots") or slots(workload),
        "runPolicy": training_operator.run_policy(workload, 1, training.workers(workload) + 1),
        "mpiReplicaSpecs": {
            "Launcher": replica(launcher(workload, env), made(1, workload.key)),
            "Worker": replica(worker(workload, env), workload.spec["workers"]),
        },
    }


def slots(workload: Workload) -> Draft:
    """One process for each GPU of a worker; without a GPU one."""
    gpus: list[Node] = [count for _, count in gpu_classes(workload)]
    return made(sum(int(said(count)) for count in gpus) or 1, *(gpus or [workload.spec["resources"]]))


def launcher(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """The pod that runs the command. It speaks to the API, and asks for what the spec says under ``launcher``."""
    own = replace(workload.spec, value={**workload.spec.entries, "resources": workload.spec["launcher"]})
    stays = spot.stays(replace(workload, spec=own))
    return pod(stays, container(workload), env=env, spec={"automountServiceAccountToken": True})


def worker(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """A pod that runs processes, and no command of its own."""
    own = training.without(training.without(workload.spec, "command"), "args")
    waiting = replace(workload, spec=own)
    return pod(waiting, container(workload), volumes=[shared_memory(workload)], env=env, spec={})


def container(workload: Workload) -> dict[str, Draft]:
    """What both have."""
    return {"name": CONTAINER, "image": image.of(workload), "ports": metrics_port(workload) or None}
