"""A TFJob -> a workload of kind `tensorflow`; of one pod, which is a Job in mlgen."""

from mlgen.imports import replicas
from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words
from mlgen.node import Node, Path

REPLICAS: Path = ("spec", "tfReplicaSpecs")
LEADERS = ("Chief", "Master")
EVERY = ("Worker", *LEADERS, "PS", "Evaluator")


def number(body: Node, role: str) -> int:
    """How many pods of a sort there are."""
    return replicas.number(body, REPLICAS, role)


def words(asked: Asked) -> Words:
    """How many pods of which sort."""
    body = asked.body
    leaders = sum(number(body, role) for role in LEADERS)
    return {
        "workers": number(body, "Worker") + leaders,
        "chief": bool(leaders),
        "ps": number(body, "PS") or None,
        "evaluator": bool(number(body, "Evaluator")),
    }


def becomes(body: Node) -> str:
    """A Job, where there is one pod in all."""
    return "Job" if sum(number(body, role) for role in EVERY) == 1 else ""


FORM = Form(
    kind="tensorflow",
    platform="kubeflow-training-1.9",
    pods=tuple((*REPLICAS, role, "template", "spec") for role in ("Worker", *LEADERS)),
    says=replicas.SAYS,
    more=words,
    becomes=becomes,
    moved={
        **{(*REPLICAS, role, "template"): ("spec", "template") for role in ("Worker", *LEADERS)},
        **replicas.MOVED,
    },
    exact=(REPLICAS,),
)
