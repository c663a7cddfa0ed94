"""A ``pytorch`` workload on Kubeflow's Training Operator 1.9 -> a PyTorchJob; a plain Job where one pod is enough.

The operator writes the variables that `pytorch` names into every pod. It also gives each worker an init container,
which waits for the master: in a namespace with restricted pod security the operator has to be started with
`--pytorch-init-container-template-file`, for by itself that container has no security context.
"""

from collections.abc import Iterator, Mapping

from mlgen import runs
from mlgen.kinds import pytorch, training, training_operator
from mlgen.kinds.training_operator import replica
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, made

# Where the workers meet the master: the operator looks for the port by this name.
PORTS: list[Draft] = [{"name": "pytorchjob-port", "containerPort": pytorch.PORT}]


def build(workload: Workload) -> Iterator[Object]:
    """The PyTorchJob, or the Job of one pod."""
    if training.workers(workload) == 1:
        yield from pytorch.alone(workload)
        return
    run = runs.run(workload, training_operator.API_VERSION, "PyTorchJob", lambda env: spec(workload, env))
    yield from training.objects(workload, trainer(workload, {}), run, peers=True)


def spec(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The PyTorchJob's spec: the first pod is the master, of which the webhook wants exactly one."""
    pods, workers = training.workers(workload), workload.spec["workers"]
    pod = trainer(workload, env)
    return {
        "runPolicy": training_operator.run_policy(workload, pods, pods),
        "nprocPerNode": pytorch.processes(workload),
        "pytorchReplicaSpecs": {
            "Master": replica(pod, made(1, workers)),
            "Worker": replica(pod, made(pods - 1, workers)),
        },
    }


def trainer(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """A pod of the PyTorchJob: the restart policy stands beside its template, the variables come from the operator."""
    return pytorch.trainer(workload, env, PORTS, {})
