"""Pods of the Training Operator's, in a namespace that refuses what the operator puts into them."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="refused-init-container",
    title="A PyTorchJob or an MPIJob in a namespace with restricted pod security",
    why="Into each worker of a PyTorchJob the Training Operator puts an init container that waits for the master, and "
    "by itself that container has no security context: the namespace refuses the pod, and the run waits for it until "
    "its deadline. No field of a PyTorchJob changes that; the operator has to be started with a template that has one. "
    "The launcher of an MPIJob gets a container that brings kubectl, of which nothing can be changed but the image.",
    bad="platform: {pytorch: kubeflow-training-1.9}            # and the environment has `podSecurity: restricted`",
    good="platform: {pytorch: job}            # pods find each other without an operator",
    source="kubeflow/training-operator 1.9, pkg/controller.v1/pytorch/initcontainer.go, pkg/controller.v1/mpi: "
    "newLauncher, pkg/config/config.go; kubernetes.io, Pod Security Standards",
)
RESTRICTED = "restricted"
OPERATOR = "kubeflow-training-"


def check(workload: Workload) -> Iterator[Problem]:
    """For PyTorch a warning, for how the operator was started cannot be seen here; for MPI an error."""
    offer = workload.site.offer
    backend, level = offer.find("platform", workload.kind), offer["podSecurity"]
    if workload.kind not in ("pytorch", "mpi") or backend is None or not said(backend).startswith(OPERATOR):
        return
    workers, name = workload.spec["workers"], said(offer["name"])
    related = ((backend.span, "the operator"),)
    if level.value != RESTRICTED:
        return
    if workload.kind == "mpi":
        message = f"the launcher of `{workload.name}` is refused in `{name}`: the operator's part of it is unrestricted"
        hint = f"give `{name}` `podSecurity: baseline`, or take `{workload.name}` away there: `{workload.name}: null`"
        yield Problem(RULE.id, workload.spec["kind"].span, message, hint, related=related)
    elif said(workers) != "1":
        who = f"the workers of `{workload.name}`"
        message = f"{who} are refused, unless the Training Operator was prepared, in `{name}`"
        hint = (
            "start the operator with `--pytorch-init-container-template-file`, whose container is restricted;"
            f" or give `{name}` `platform: {{pytorch: job}}`, which needs no operator"
        )
        yield Problem(RULE.id, workers.span, message, hint, "warning", related)
