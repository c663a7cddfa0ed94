"""A ``tensorflow`` workload on Kubeflow's Training Operator 1.9 -> a TFJob; a plain Job where one pod is enough.

The operator writes TF_CONFIG into each pod from what stands here: the workers, with `chief` one of them as the chief,
parameter servers and an evaluator beside them.
"""

from collections.abc import Iterator, Mapping

from mlgen import runs
from mlgen.kinds import tensorflow, training, training_operator
from mlgen.kinds.training_operator import replica
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, made

# The port that the operator puts into TF_CONFIG, by the name under which it looks for it.
PORTS: list[Draft] = [{"name": "tfjob-port", "containerPort": 2222}]


def build(workload: Workload) -> Iterator[Object]:
    """The TFJob, or the Job of one pod."""
    if not tensorflow.several(workload):
        yield from tensorflow.alone(workload)
        return
    run = runs.run(workload, training_operator.API_VERSION, "TFJob", lambda env: spec(workload, env))
    yield from training.objects(workload, trainer(workload, {}), run, peers=True)


def spec(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The TFJob's spec.

    Without a chief the operator calls a run done as soon as worker 0 is, and removes the others: all are waited for.
    """
    chief = workload.spec["chief"]
    return {
        "runPolicy": training_operator.run_policy(workload, pods(workload), pods(workload)),
        "successPolicy": made("AllWorkers", chief) if chief.value is False else None,
        "tfReplicaSpecs": replicas(workload, env),
    }


def replicas(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """Each sort of pod."""
    return {role.name: replica(trainer(role.workload, env), role.number) for role in tensorflow.roles(workload)}


def pods(workload: Workload) -> int:
    """How many pods there are in all."""
    return sum(role.pods for role in tensorflow.roles(workload))


def trainer(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """A pod of the TFJob: the restart policy stands beside its template."""
    return tensorflow.trainer(workload, env, PORTS, {})
