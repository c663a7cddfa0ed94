"""PyTorch on several pods of an operator, in a namespace that refuses the pods which the operator makes."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="refused-init-container",
    title="A PyTorchJob's workers in a namespace with restricted pod security",
    why="Into each worker the Training Operator puts an init container that waits for the master, and by itself that "
    "container has no security context: the namespace refuses the pod, and the run waits for it until its deadline. "
    "No field of a PyTorchJob changes that; the operator has to be started with a template that has one.",
    bad="platform: {pytorch: kubeflow-training-1.9}            # and the environment has `podSecurity: restricted`",
    good="platform: {pytorch: job}            # pods find each other without an operator",
    source="kubeflow/training-operator 1.9, pkg/controller.v1/pytorch/initcontainer.go and pkg/config/config.go; "
    "kubernetes.io, Pod Security Standards",
)
RESTRICTED = "restricted"
OPERATOR = "kubeflow-training-"


def check(workload: Workload) -> Iterator[Problem]:
    """A warning, for how the operator was started cannot be seen here."""
    offer = workload.site.offer
    backend, level = offer.find("platform", "pytorch"), offer["podSecurity"]
    if workload.kind != "pytorch" or backend is None or not said(backend).startswith(OPERATOR):
        return
    workers = workload.spec["workers"]
    if level.value != RESTRICTED or said(workers) == "1":
        return
    name = said(offer["name"])
    message = f"the workers of `{workload.name}` are refused, unless the Training Operator was prepared, in `{name}`"
    hint = (
        "start the operator with `--pytorch-init-container-template-file`, whose container has a security context; or "
        f"give `{name}` `platform: {{pytorch: job}}`, which needs no operator"
    )
    related = ((backend.span, "the operator"),)
    yield Problem(RULE.id, workers.span, message, hint, "warning", related)
