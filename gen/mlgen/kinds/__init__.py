"""The kinds of workload, and for each the modules that build it, by the back-end an environment chooses."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.kinds import (
    experiment,
    job,
    kserve_0_16,
    kserve_0_20,
    mpi,
    notebook,
    notebook_kubeflow,
    pytorch,
    pytorch_jobset,
    pytorchjob,
    ray,
    rayservice,
    serving,
    spark,
    spark_apache,
    sweep,
    tensorflow,
    tensorflow_jobset,
    tfjob,
    trainjob_2_0,
    trainjob_2_1,
    trainjob_2_2,
)
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import said


class Backend(Protocol):
    """A module that builds one kind of workload."""

    def build(self, workload: Workload) -> Iterator[Object]:
        """Every object of ``workload``. Raises MlgenError where the environment does not offer what it needs."""


# The first back-end of a kind is the one a plain cluster has: the default of an environment's `platform`. A kind that
# needs an operator says `"x-default-backend": null` in its schema: then there is no default, and an environment that
# chooses none cannot run it.
KINDS: Mapping[str, Mapping[str, Backend]] = {
    "job": {"job": job},
    "mpi": {"kubeflow-training-1.9": mpi},
    "notebook": {"statefulset": notebook, "kubeflow-notebooks-1.10": notebook_kubeflow},
    "pytorch": {
        "job": pytorch,
        "kubeflow-training-1.9": pytorchjob,
        "kubeflow-trainer-2.0": trainjob_2_0,
        "kubeflow-trainer-2.1": trainjob_2_1,
        "kubeflow-trainer-2.2": trainjob_2_2,
        "jobset-0.12": pytorch_jobset,
    },
    "ray": {"kuberay-1.4": ray},
    "serving": {
        "deployment": serving,
        "kserve-0.16": kserve_0_16,
        "kserve-0.20": kserve_0_20,
        "kuberay-1.4": rayservice,
    },
    "spark": {"spark-operator-2.5": spark, "apache-spark-operator-1.0": spark_apache},
    "sweep": {"job": sweep, "katib-0.19": experiment},
    "tensorflow": {"job": tensorflow, "kubeflow-training-1.9": tfjob, "jobset-0.12": tensorflow_jobset},
}


def build(workload: Workload) -> Iterator[Object]:
    """Every object of ``workload``, by the back-end that its environment chose. Raises MlgenError if it has none."""
    found = backend(workload)
    if found is None:
        raise MlgenError(_no_backend(workload, next(iter(backends(workload)))))
    return found.build(workload)


def backend(workload: Workload) -> Backend | None:
    """The back-end that the environment of ``workload`` chose."""
    chosen = workload.site.offer.find("platform", workload.kind)
    return backends(workload)[said(chosen)] if chosen is not None else None


def backends(workload: Workload) -> Mapping[str, Backend]:
    """What can run a workload, by name: of a kind that the platform adds its templates."""
    if workload.kind in KINDS:
        return KINDS[workload.kind]
    from mlgen.kinds import own  # what most platforms do without

    return {name: own.Template(node) for name, node in workload.site.kinds.every[workload.kind].templates.items()}


def _no_backend(workload: Workload, first: str) -> Problem:
    environment = workload.site.offer["name"]
    return Problem(
        "no-backend",
        workload.spec["kind"].span,
        f"nothing in `{said(environment)}` runs `kind: {workload.kind}`",
        f"if its cluster has the operator, give the environment `platform: {{{workload.kind}: {first}}}`; "
        f"if not, say under `environments` of `{workload.name}` where it runs",
        related=((environment.span, "this environment"),),
    )
