"""A workload that a pipeline starts -> the very object that it would make by itself, and where engines fill that in.

Nothing of the object is made anew: it is built, patched and finished as a run of its own. Its name and what the
pipeline's parameters say are known only when it runs: marks stand there, `<run>` and `<parameter.DATE>`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

from mlgen import hatch, kinds
from mlgen.merge import layered
from mlgen.node import Json, Node
from mlgen.objects import Object
from mlgen.pipelines.outcome import Outcome, known
from mlgen.problem import MlgenError, Problem
from mlgen.site import Pipeline, Step, Workload
from mlgen.trace import Draft, said, split

ENV = "env"
RUN = "<run>"
LABEL = "mlgen.dev/pipeline"


class Started(NamedTuple):
    """What a step starts: ``body`` with marks, of which ``draft`` is what is judged; ``name`` without the hash.

    ``sources`` are all places behind it, the workload's own first; ``outcome`` is how it says that it is over.
    """

    step: Step
    workload: Workload
    draft: Object
    body: dict[str, Json]
    name: str
    sources: tuple[Node, ...]
    outcome: Outcome

    @property
    def kind(self) -> str:
        """The object's: "batch/v1 Job"."""
        return f"{self.body['apiVersion']} {self.body['kind']}"


def mark(parameter: str) -> str:
    """What stands in the place of a parameter's value."""
    return f"<parameter.{parameter}>"


def started(pipeline: Pipeline, step: Step, workload: Workload) -> Started:
    """The run of ``workload`` as a step. Raises MlgenError where the environment does not offer what it needs."""
    own = with_parameters(pipeline, workload)
    [run] = [draft for draft in hatch.whole(own, kinds.build(own)) if draft.run]
    labelled = run._replace(body=_labelled(run.body, pipeline))
    outcome = known(f"{run.body['apiVersion']} {run.body['kind']}", workload.site.kinds)
    if outcome is None:
        message = f"nothing tells a pipeline when a {run.body['kind']} is over, which `{workload.name}` is here"
        theirs = workload.kind in workload.site.kinds.every
        instead = "say it in the kind's template: `outcome`, under `run`" if theirs else "let it run by itself"
        raise MlgenError(Problem("unfit-step", step.name.span, message, instead))
    plain, origins = split(labelled.body, labelled.because)
    body = cast("dict[str, Any]", plain)
    return Started(
        step=step,
        workload=own,
        draft=labelled._replace(within=True),
        body=cast("dict[str, Json]", marked(body, body["metadata"]["name"], RUN)),
        name=hatch.name_of(run),
        sources=tuple(dict.fromkeys([workload.key, *(node for nodes in origins.values() for node in nodes)])),
        outcome=outcome,
    )


def with_parameters(pipeline: Pipeline, workload: Workload) -> Workload:
    """``workload`` with the pipeline's parameters among its variables."""
    parameters = pipeline.parameters
    if parameters is None:
        return workload
    marks = {
        key: replace(node, value=mark(key), text=node.text or said(node)) for key, node in parameters.entries.items()
    }
    env = layered(workload.spec.get(ENV), replace(parameters, value=marks))
    return replace(workload, spec=replace(workload.spec, value={**workload.spec.entries, ENV: env}))


def value_of(node: Node) -> str:
    """A parameter's value as it is written."""
    return node.value if isinstance(node.value, str) else node.text or said(node)


def marked(value: Json, name: str, instead: str) -> Json:
    """``value`` with ``instead`` wherever a text has ``name``."""
    if isinstance(value, str):
        return value.replace(name, instead)
    if isinstance(value, dict):
        return {key: marked(inner, name, instead) for key, inner in value.items()}
    return [marked(item, name, instead) for item in value] if isinstance(value, list) else value


def _labelled(body: Mapping[str, Draft], pipeline: Pipeline) -> dict[str, Draft]:
    """The object, which says whose it is."""
    metadata = cast("Mapping[str, Any]", body["metadata"])  # every builder drafts a mapping
    return {**body, "metadata": {**metadata, "labels": {**metadata["labels"], LABEL: pipeline.key}}}
