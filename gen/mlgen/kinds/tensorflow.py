"""A ``tensorflow`` workload on a plain cluster -> a Job of one pod; more than one needs an operator.

The pods of distributed TensorFlow find each other through TF_CONFIG, which says each pod's own task, too: the pods of a
Job are all alike, so an operator is needed, one that writes it (see `tfjob`) or one that knows roles (see
`tensorflow_jobset`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mlgen import image
from mlgen.beside.needs import metrics_port
from mlgen.kinds import training
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Pod, pod
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

# What the operator's webhook wants to find in every replica; the plain Job says the same.
CONTAINER = "tensorflow"
OPERATOR = "kubeflow-training-1.9"
EVALUATOR = "Evaluator"


class Role(NamedTuple):
    """``number`` pods of one sort; ``workload`` is what each of them runs."""

    name: str
    number: Node | Made
    workload: Workload

    @property
    def pods(self) -> int:
        """How many."""
        return int(said(made(self.number)))


def build(workload: Workload) -> Iterator[Object]:
    """One pod and what it needs. Raises MlgenError where the spec asks for several."""
    asked = several(workload)
    if asked:
        raise MlgenError(_needs_operator(workload, asked))
    yield from alone(workload)


def alone(workload: Workload) -> Iterator[Object]:
    """Training in one pod: a plain Job, whatever else the environment offers."""

    def single(env: Mapping[str, Draft]) -> Pod:
        return trainer(workload, env, [], {"restartPolicy": "Never"})

    run = training.job(workload, lambda env: training.one_pod(workload, single(env)))
    yield from training.objects(workload, single({}), run, peers=False)


def trainer(workload: Workload, env: Mapping[str, Draft], ports: Sequence[Draft], spec: Mapping[str, Draft]) -> Pod:
    """A pod that trains, reached by the others on ``ports``."""
    container: dict[str, Draft] = {
        "name": CONTAINER,
        "image": image.of(workload),
        "ports": [*ports, *metrics_port(workload)] or None,
    }
    return pod(workload, container, env=env, spec=spec)


def roles(workload: Workload) -> list[Role]:
    """Each sort of pod. The chief is one of the workers; servers only keep numbers, so they get no GPU."""
    workers, chief = workload.spec["workers"], workload.spec["chief"]
    leads = chief.value is True
    rest = training.workers(workload) - leads
    servers, evaluator = workload.spec.get("ps"), workload.spec["evaluator"]
    found = {
        "Chief": (made(1, chief) if leads else None, workload),
        "Worker": ((made(rest, workers, chief) if leads else workers) if rest else None, workload),
        "PS": (servers, without_gpus(workload)),
        EVALUATOR: (made(1, evaluator) if evaluator.value is True else None, workload),
    }
    return [Role(name, count, own) for name, (count, own) in found.items() if count is not None]


def without_gpus(workload: Workload) -> Workload:
    """The workload as it would be on processors only."""
    resources = training.without(workload.spec["resources"], "gpu")
    return replace(workload, spec=replace(workload.spec, value={**workload.spec.entries, "resources": resources}))


def several(workload: Workload) -> dict[str, Node]:
    """What in the spec asks for more than one pod."""
    spec = workload.spec
    asked = {key: spec.get(key) for key in ("workers", "ps", "evaluator")}
    alone = {"workers": 1, "evaluator": False}
    return {key: node for key, node in asked.items() if node is not None and node.value != alone.get(key)}


def _needs_operator(workload: Workload, asked: Mapping[str, Node]) -> Problem:
    environment = workload.site.offer["name"]
    first = next(iter(asked))
    less = ", ".join("workers: 1" if key == "workers" else f"{key}: null" for key in asked)
    value = str(asked[first].value).lower()
    return Problem(
        "needs-operator",
        asked[first].span,
        f"`{first}: {value}` is distributed TensorFlow, and nothing in `{said(environment)}` runs that",
        f"give the environment `platform: {{tensorflow: {OPERATOR}}}` if its cluster has the operator, or write "
        f"`workloads: {{{workload.name}: {{{less}}}}}` for it under the project's `environments`",
        related=((environment.span, "this environment"),),
    )
