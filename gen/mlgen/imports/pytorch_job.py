"""A PyTorchJob -> a workload of kind `pytorch`; of one pod, which is a Job in mlgen."""

from mlgen.imports import replicas
from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words
from mlgen.node import Node, Path

REPLICAS: Path = ("spec", "pytorchReplicaSpecs")
ROLES = ("Master", "Worker")


def number(body: Node, role: str) -> int:
    """How many pods of a sort there are."""
    return replicas.number(body, REPLICAS, role)


def workers(body: Node) -> int:
    """How many pods there are in all."""
    return sum(number(body, role) for role in ROLES)


def elastic(body: Node) -> bool:
    """Whether the workers find each other by themselves, so that even one is no Job."""
    return body.find("spec", "elasticPolicy") is not None or not number(body, "Master")


def words(asked: Asked) -> Words:
    """Without a master there is one more in mlgen, which a patch takes away."""
    found = workers(asked.body)
    return {"workers": max(found, 2) if elastic(asked.body) else found}


def becomes(body: Node) -> str:
    """A Job, where there is one pod in all."""
    return "Job" if workers(body) == 1 and not elastic(body) else ""


FORM = Form(
    kind="pytorch",
    platform="kubeflow-training-1.9",
    pods=tuple((*REPLICAS, role, "template", "spec") for role in ROLES),
    says=replicas.SAYS,
    more=words,
    becomes=becomes,
    moved={(*REPLICAS, "Master", "template"): ("spec", "template"), **replicas.MOVED},
    exact=(REPLICAS,),
)
