"""An MPIJob -> a workload of kind `mpi`."""

from mlgen.imports import container, replicas
from mlgen.imports.form import Asked, Form, plainly
from mlgen.imports.naming import Words
from mlgen.node import Path

REPLICAS: Path = ("spec", "mpiReplicaSpecs")
LAUNCHER: Path = (*REPLICAS, "Launcher", "template", "spec")
WORKER: Path = (*REPLICAS, "Worker", "template", "spec")


def words(asked: Asked) -> Words:
    """How many workers, and what the launcher asks for."""
    # What the operator puts into the launcher is refused where pods are restricted.
    asked.shared.needs.further["podSecurity"] = "baseline"
    first = asked.body.find(*LAUNCHER, "containers", 0)
    return {
        "workers": replicas.number(asked.body, REPLICAS, "Worker"),
        "launcher": container.size(first) if first is not None else {},
    }


FORM = Form(
    kind="mpi",
    platform="kubeflow-training-1.9",
    pods=(LAUNCHER, WORKER),
    sized=(WORKER,),
    says={("spec", "slotsPerWorker"): ("slots", plainly), **replicas.SAYS},
    more=words,
)
