"""A ``tensorflow`` workload on JobSet -> a JobSet with a row for each role; a plain Job where one pod is enough.

TF_CONFIG, which a TFJob's operator writes, differs between pods in their role and their number only: each role has a
pod template of its own, and the number is filled in by Kubernetes, from a variable that comes from the pod.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from mlgen import peers
from mlgen.kinds import jobset, tensorflow, training
from mlgen.kinds.jobset import Row
from mlgen.kinds.tensorflow import Role
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

PORT = 2222
PORTS: list[Draft] = [{"name": "tensorflow", "containerPort": PORT}]
CONFIG, INDEX = VARIABLES = ("TF_CONFIG", "TF_INDEX")


def build(workload: Workload) -> Iterator[Object]:
    """The JobSet, or the Job of one pod. It is over when the chief is, or else when all workers are."""
    if not tensorflow.several(workload):
        yield from tensorflow.alone(workload)
        return
    chief = workload.spec["chief"]
    ends = made("chief" if chief.value is True else "worker", chief)
    run = jobset.run(workload, lambda env: rows(workload, env), ends)
    yield from training.objects(workload, tensorflow.trainer(workload, {}, PORTS, {}), run, peers=True)


def rows(workload: Workload, env: Mapping[str, Draft]) -> Sequence[Row]:
    """Each role with its pods."""
    roles = tensorflow.roles(workload)
    return [Row(called(role), role.number, member(role, roles, env)) for role in roles]


def member(role: Role, roles: Sequence[Role], env: Mapping[str, Draft]) -> Pod:
    """One of the pods of ``role``, which knows all the others."""
    known: dict[str, Draft] = {**env, INDEX: peers.INDEX, CONFIG: config(role, roles)}
    return tensorflow.trainer(role.workload, known, PORTS, {"restartPolicy": "Never"})


def config(role: Role, roles: Sequence[Role]) -> Made:
    """Who there is, but for the evaluator, which nobody talks to; and who this pod is."""
    cluster = {
        called(one): [f"{said(jobset.host(one.workload, called(one), index))}:{PORT}" for index in range(one.pods)]
        for one in roles
        if one.name != tensorflow.EVALUATOR
    }
    told = {"cluster": cluster, "task": {"type": called(role), "index": 0}}
    text = json.dumps(told, separators=(",", ":")).removesuffix("0}}") + f"$({INDEX})}}}}"
    return made(text, *(one.number for one in roles))


def called(role: Role) -> str:
    """The role as TensorFlow and the names of its pods say it."""
    return role.name.lower()
