"""A ``pytorch`` workload on a plain cluster -> an indexed Job whose pods find each other; no operator is needed.

Scripts and torchrun are told where to meet by the variables that a PyTorchJob would set, so that one command runs on
one pod, on several, and on Kubeflow's operator. torchrun takes the default of each of its flags from `PET_<FLAG>`
(torch/distributed/argparse_util.py), and only from there: of MASTER_ADDR it knows nothing. A flag in the command still
wins. MASTER_ADDR, MASTER_PORT, WORLD_SIZE and RANK are for scripts that torchrun does not start.
"""

from collections.abc import Iterator, Mapping, Sequence

from mlgen import gang, image, peers
from mlgen.beside.needs import metrics_port
from mlgen.kinds import training
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Pod, gpu_classes, pod
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

# What the operator's webhook wants to find in every replica; the plain Job says the same.
CONTAINER = "pytorch"
PORT = 29500  # torchrun's own default
RENDEZVOUS = {"rendezvous": PORT}
VARIABLES = (
    *("MASTER_ADDR", "MASTER_PORT", "WORLD_SIZE", "RANK"),
    *("PET_MASTER_ADDR", "PET_MASTER_PORT", "PET_NNODES", "PET_NODE_RANK", "PET_NPROC_PER_NODE"),
)


def build(workload: Workload) -> Iterator[Object]:
    """The Job, and for several pods the Service that resolves their names."""
    if training.workers(workload) == 1:
        yield from alone(workload)
        return
    notes = gang.job_notes(workload, workload.spec["workers"])
    run = training.job(workload, lambda env: in_a_row(workload, env), notes=notes)
    yield from training.objects(workload, member(workload, {}), run, peers=True)
    yield peers.service(workload, RENDEZVOUS)


def alone(workload: Workload) -> Iterator[Object]:
    """Training in one pod: a plain Job, whatever else the environment offers."""

    def single(env: Mapping[str, Draft]) -> Pod:
        meeting = rendezvous(workload, "localhost", "0")
        return trainer(workload, {**env, **meeting}, [], {"restartPolicy": "Never"})

    run = training.job(workload, lambda env: training.one_pod(workload, single(env)))
    yield from training.objects(workload, single({}), run, peers=False)


def in_a_row(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The spec of the indexed Job."""
    return {
        **peers.row(workload, workload.spec["workers"]),
        "activeDeadlineSeconds": training.deadline(workload),
        "template": member(workload, env).template,
    }


def member(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """One of the pods: the first is where all meet."""
    meeting = rendezvous(workload, peers.host(workload, 0), peers.INDEX)
    ports: list[Draft] = [{"name": name, "containerPort": port} for name, port in RENDEZVOUS.items()]
    spec: dict[str, Draft] = {"restartPolicy": "Never", "subdomain": made(workload.object_name, workload.key)}
    return trainer(workload, {**env, **meeting}, ports, spec)


def trainer(workload: Workload, env: Mapping[str, Draft], ports: Sequence[Draft], spec: Mapping[str, Draft]) -> Pod:
    """A pod that trains, reached by the others on ``ports``."""
    container: dict[str, Draft] = {
        "name": CONTAINER,
        "image": image.of(workload),
        "ports": [*ports, *metrics_port(workload)] or None,
    }
    return pod(workload, container, volumes=[shared_memory(workload)], env=env, spec=spec)


def processes(workload: Workload) -> Made:
    """One process for each GPU of a pod; without a GPU one."""
    gpus: list[Node] = [count for _, count in gpu_classes(workload)]
    return made(str(sum(int(said(count)) for count in gpus) or 1), *(gpus or [workload.spec["resources"]]))


def rendezvous(workload: Workload, address: Draft, rank: Draft) -> dict[str, Draft]:
    """Where the pods meet, how many they are, and which of them this one is."""
    pods, each = workload.spec["workers"], processes(workload)
    world = made(str(training.workers(workload) * int(said(each))), pods, each)
    script: list[Draft] = [address, str(PORT), world, rank]
    torchrun: list[Draft] = [address, str(PORT), made(said(pods), pods), rank, each]
    return dict(zip(VARIABLES, [*script, *torchrun], strict=True))
