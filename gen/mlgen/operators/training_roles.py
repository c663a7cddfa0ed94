"""A training job has roles, or numbers of replicas, that its operator refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, number_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.training import framework, replicas
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="training-roles",
    title="A training job has roles that its operator refuses",
    why="Each framework knows a few roles, one of which leads; with others, the job is refused or never ends.",
    bad="pytorchReplicaSpecs: {Master: {replicas: 2, ...}, Workers: {...}}",
    good="pytorchReplicaSpecs: {Master: {replicas: 1, ...}, Worker: {replicas: 3, ...}}",
    source="kubeflow/training-operator v1.9, pkg/webhooks/{tensorflow,pytorch,xgboost,paddlepaddle,jax} and "
    "pkg/apis/kubeflow.org/v1: setTypeNamesToCamelCase, ValidateV1MpiJobSpec",
)
# The one pod that leads; where its number is not said, the webhook counts none.
LEADERS = {
    "kubeflow.org/v1 PyTorchJob": "Master",
    "kubeflow.org/v1 XGBoostJob": "Master",
    "kubeflow.org/v1 MPIJob": "Launcher",
}
NEEDED = {"kubeflow.org/v1 XGBoostJob", "kubeflow.org/v1 MPIJob"}
COUNTED_BY_DEFAULT = "kubeflow.org/v1 MPIJob"
TENSORFLOW = "kubeflow.org/v1 TFJob"
PYTORCH = "kubeflow.org/v1 PyTorchJob"


def check(body: Body) -> Iterator[Fault]:
    """The roles, the one that leads, and what PyTorch's elasticity needs."""
    kind, (field, _, known) = named(body), framework(body)
    roles = {role: (path, said) for role, path, said in replicas(body)}
    for role, (path, _) in roles.items():
        # TensorFlow's roles are spelt as they should be by the controller; others meet the webhook as they are.
        spelt = role.capitalize() if kind == TENSORFLOW and role.lower() != "ps" else role.upper()
        if role not in known and (kind != TENSORFLOW or spelt not in known):
            yield Fault(path, RULE.id, f"{code(role)} is no role of a {kind.split()[1]}", did_you_mean(role, known))
    yield from _leader(kind, ("spec", field), roles)
    if kind == TENSORFLOW and {"Chief", "Master"} <= {role.capitalize() for role in roles}:
        message = "a TFJob has one role that leads, and this one has `Chief` and `Master`"
        yield Fault(("spec", field), RULE.id, message, "remove one of the two")
    if kind == PYTORCH:
        yield from _elastic(body, roles)


def _leader(kind: str, field: Path, roles: dict[str, tuple[Path, Body]]) -> Iterator[Fault]:
    leader = LEADERS.get(kind, "")
    if leader in roles:
        path, said = roles[leader]
        count = said.get("replicas")
        if count is None and kind != COUNTED_BY_DEFAULT:
            message = f"{code(leader)} does not say how many replicas it has, and the webhook takes that for none"
            yield Fault(path, RULE.id, message, "add `replicas: 1`")
        elif count is not None and count != 1:
            message = f"{code(leader)} leads, so it is one pod, not {code(count)}"
            yield Fault((*path, "replicas"), RULE.id, message, "write `replicas: 1`; add to `Worker` instead")
    elif kind in NEEDED and roles:
        yield Fault(field, RULE.id, f"this job has no {code(leader)}, which would lead", f"add {code(leader)}")


def _elastic(body: Body, roles: dict[str, tuple[Path, Body]]) -> Iterator[Fault]:
    workers = number_at(body, "spec", "pytorchReplicaSpecs", "Worker", "replicas")
    if workers is not None and workers < 1:
        path = ("spec", "pytorchReplicaSpecs", "Worker", "replicas")
        yield Fault(path, RULE.id, f"there is at least one `Worker`, not {code(workers)}", "leave the role out")
    policy = map_at(body, "spec", "elasticPolicy")
    if policy and "Worker" not in roles and roles.keys() <= {"Master"}:
        message = "`elasticPolicy` is about workers, and there is no role `Worker`"
        yield Fault(("spec", "elasticPolicy"), RULE.id, message, "add `Worker`, or remove the policy")
    if "nProcPerNode" in policy and map_at(body, "spec").get("nprocPerNode") is not None:
        message = "`nProcPerNode` says what `nprocPerNode` of the job says too"
        yield Fault(("spec", "elasticPolicy", "nProcPerNode"), RULE.id, message, "remove this older one")
    least, most = policy.get("minReplicas"), policy.get("maxReplicas")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        message = f"at least {least} and at most {most} replicas cannot be"
        yield Fault(("spec", "elasticPolicy", "minReplicas"), RULE.id, message, "lower it, or raise `maxReplicas`")
