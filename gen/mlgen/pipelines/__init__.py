"""The engines that run pipelines, by the back-end an environment chooses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from mlgen.objects import Object
from mlgen.pipelines import argo_workflows, job
from mlgen.pipelines.step import Started, started
from mlgen.site import Pipeline, Step, Workload
from mlgen.trace import said


class Orchestrator(Protocol):
    """A module that builds what runs a pipeline."""

    def build(self, pipeline: Pipeline, steps: Sequence[Started], told: Started | None) -> Iterator[Object]:
        """Every object of ``pipeline``, which starts ``steps``, and ``told`` when one of them has failed."""


# The first one is what a plain cluster has: the default of an environment's `platform.pipelines`.
ORCHESTRATORS: Mapping[str, Orchestrator] = {
    "job": job,
    "argo-workflows-3.7": argo_workflows,
    "argo-workflows-4.1": argo_workflows,
}


def build(pipeline: Pipeline, workloads: Mapping[str, Workload]) -> Iterator[Object]:
    """Every object of ``pipeline``, and what its steps will create, which is not applied but judged all the same.

    ``workloads`` are those of its environment, by name, with all that it starts. Raises MlgenError where the
    environment does not offer what it needs.
    """
    steps = [started(pipeline, step, workloads[said(step.name)]) for step in pipeline.steps]
    name = pipeline.spec.get("onFailure")
    told = None if name is None else started(pipeline, Step(name, (), pipeline.spec["retries"]), workloads[said(name)])
    yield from ORCHESTRATORS[said(pipeline.site.offer["platform"]["pipelines"])].build(pipeline, steps, told)
    yield from (one.draft for one in (*steps, *([told] if told is not None else [])))
