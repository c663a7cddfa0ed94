"""A model is to be served from scratch."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="model-in-scratch",
    title="A model is to be served from scratch",
    why="Scratch is empty when a pod starts, and each pod has one of its own: no model would ever lie there.",
    bad="data: {models: {scratch: 10Gi}}\nserve: {server: onnx, model: {data: models, name: churn, version: 42}}",
    good="data: {models: {blob: churn/models}}\nserve: {server: onnx, model: {data: models, name: churn, version: 42}}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """The data of the model."""
    used = workload.spec.find("model", "data")
    entry = workload.data.get(said(used)) if used is not None else None
    if used is not None and entry is not None and "scratch" in entry:
        message = f"the model would be read from `{said(used)}`, which is scratch: it is empty when a pod starts"
        hint = "keep models in blob storage, in a file share or on a claim"
        yield Problem(RULE.id, used.span, message, hint, related=((entry.span, f"`{said(used)}`"),))
