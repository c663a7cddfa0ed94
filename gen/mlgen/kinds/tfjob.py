"""A ``tensorflow`` workload on Kubeflow's Training Operator 1.9 -> a TFJob; a plain Job where one pod is enough.

The operator writes TF_CONFIG into each pod from what stands here: the workers, with `chief` one of them as the chief,
parameter servers and an evaluator beside them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mlgen import runs
from mlgen.kinds import tensorflow, training, training_operator
from mlgen.kinds.training_operator import replica
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

VARIABLE = "TF_CONFIG"
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
        "runPolicy": training_operator.run_policy(workload, pods(workload)),
        "successPolicy": made("AllWorkers", chief) if chief.value is False else None,
        "tfReplicaSpecs": replicas(workload, env),
    }


def replicas(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """Each sort of pod. The chief is one of the workers; servers only keep numbers, so they get no GPU."""
    workers, chief = workload.spec["workers"], workload.spec["chief"]
    leads = chief.value is True
    rest = training.workers(workload) - leads
    servers, evaluator = workload.spec.get("ps"), workload.spec["evaluator"]
    pod = trainer(workload, env)
    return {
        "Chief": replica(pod, made(1, chief)) if leads else None,
        "Worker": replica(pod, made(rest, workers, chief) if leads else workers) if rest else None,
        "PS": replica(trainer(without_gpus(workload), env), servers) if servers is not None else None,
        "Evaluator": replica(pod, made(1, evaluator)) if evaluator.value is True else None,
    }


def pods(workload: Workload) -> int:
    """How many pods there are in all."""
    servers = workload.spec.get("ps")
    evaluators = 1 if workload.spec["evaluator"].value is True else 0
    return training.workers(workload) + (int(said(servers)) if servers is not None else 0) + evaluators


def trainer(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """A pod of the TFJob: the restart policy stands beside its template."""
    return tensorflow.trainer(workload, env, PORTS, {})


def without_gpus(workload: Workload) -> Workload:
    """The workload as it would be on processors only."""
    resources = training.without(workload.spec["resources"], "gpu")
    return replace(workload, spec=replace(workload.spec, value={**workload.spec.entries, "resources": resources}))
