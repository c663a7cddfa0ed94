"""A kind of the Training Operator -> what its jobs are made of: the field, the container and the roles."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, map_at
from mlgen.node import Path
from mlgen.pods import named


class Framework(NamedTuple):
    """``field`` of the spec has the replicas by role; ``container`` is the name of the one that trains."""

    field: str
    container: str
    roles: tuple[str, ...]


FRAMEWORKS: Mapping[str, Framework] = {
    "kubeflow.org/v1 TFJob": Framework(
        "tfReplicaSpecs", "tensorflow", ("Chief", "Master", "Worker", "PS", "Evaluator")
    ),
    "kubeflow.org/v1 PyTorchJob": Framework("pytorchReplicaSpecs", "pytorch", ("Master", "Worker")),
    "kubeflow.org/v1 XGBoostJob": Framework("xgbReplicaSpecs", "xgboost", ("Master", "Worker")),
    "kubeflow.org/v1 PaddleJob": Framework("paddleReplicaSpecs", "paddle", ("Master", "Worker")),
    "kubeflow.org/v1 JAXJob": Framework("jaxReplicaSpecs", "jax", ("Worker",)),
    "kubeflow.org/v1 MPIJob": Framework("mpiReplicaSpecs", "", ("Launcher", "Worker")),
}


def framework(body: Body) -> Framework:
    """What ``body``, one of FRAMEWORKS, is made of."""
    return FRAMEWORKS[named(body)]


def replicas(body: Body) -> Iterator[tuple[str, Path, Body]]:
    """Each role with where it stands and what it says."""
    field = framework(body).field
    for role, said in map_at(body, "spec", field).items():
        if isinstance(said, dict):
            yield role, ("spec", field, role), said
