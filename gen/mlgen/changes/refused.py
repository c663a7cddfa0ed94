"""A change of what cannot change -> the problem that it is, where it was written, and the way out.

Either the API server refuses it, and Argo CD or Flux tries for ever; or an operator takes it and does something else.
"""

from collections.abc import Iterator, Mapping, Sequence

from mlgen import updates
from mlgen.changes.compare import Change, label
from mlgen.changes.look import Risk, Scene
from mlgen.node import Path
from mlgen.pods import named
from mlgen.problem import Fault, Problem
from mlgen.together import together

IMMUTABLE, RUN = "immutable-change", "changed-run"
REFUSES = "the API server refuses it"
IGNORES = "its operator takes no notice, and what runs is not what git says"
# By kind, what comes of another spec under the old name (facts of each operator's webhooks and reconcilers).
RUNS: Mapping[str, str] = {
    **{
        f"kubeflow.org/{version} {kind}": IGNORES
        for version in ("v1", "v2beta1")
        for kind in ("TFJob", "PyTorchJob", "XGBoostJob", "PaddleJob", "JAXJob", "MPIJob")
    },
    "trainer.kubeflow.org/v1alpha1 TrainJob": REFUSES,
    "jobset.x-k8s.io/v1alpha2 JobSet": REFUSES,
    "ray.io/v1 RayJob": IGNORES,
    "kubeflow.org/v1beta1 Experiment": REFUSES,
    "spark.apache.org/v1 SparkApplication": IGNORES,
    "sparkoperator.k8s.io/v1beta2 SparkApplication": "its operator kills it if it runs, and runs it again",
}
# What may change while it runs, or before.
FREE = ("suspend", "timeToLiveSeconds", "managedBy", "maxTrialCount", "maxFailedTrialCount", "parallelTrialCount")
# By kind, how it is deleted by hand, and what that does besides.
DELETED: Mapping[str, tuple[str, str]] = {
    "StatefulSet": (" --cascade=orphan", "its pods and claims stay meanwhile"),
    "Deployment": ("", "it is gone until the new pods are ready"),
    "PersistentVolumeClaim": ("", "what it holds is lost, unless its volume is retained"),
    "PersistentVolume": ("", "it goes once no claim is bound to it"),
    "RoleBinding": ("", "its accounts have no rights meanwhile"),
    "ClusterRoleBinding": ("", "its accounts have no rights meanwhile"),
    "Service": ("", "nobody reaches it meanwhile, and its address is another"),
    "Job": ("", "it is killed if it still runs, and runs again"),
}
AGAIN = ("", "it is killed if it still runs, and runs again")


def refused(change: Change, scene: Scene) -> Iterator[Risk]:
    """Among the risks: an update that fails, and a run that is not what it was under the same name."""
    for fault in _faults(change, namespace=change.ref.namespace):
        yield Risk("danger", fault.rule, f"{label(change.ref)}: {fault.message}", fault.help)


def problems(found: Mapping[str, Sequence[Change]]) -> list[Problem]:
    """The same as problems of what was written: of one project, whose changes ``found`` has by environment."""
    return together({environment: list(_problems(environment, changes)) for environment, changes in found.items()})


def _problems(environment: str, changes: Sequence[Change]) -> Iterator[Problem]:
    """Without the namespace, so that those of several environments can be one."""
    for change in changes:
        for fault in _faults(change, namespace=""):
            if change.after is not None:
                message = f"{change.after.title} in `{environment}`: {fault.message}"
                yield Problem(fault.rule, change.after.cause(fault.path), message, fault.help)


def _faults(change: Change, namespace: str) -> Iterator[Fault]:
    before, after = change.before, change.after
    if before is None or after is None or change.renamed:
        return
    for fault in updates.check(before.body, after.body):
        yield Fault(fault.path, IMMUTABLE, fault.message, _way_out(change, namespace, fault.help))
    what = RUNS.get(named(after.body))
    path = _first(change) if what is not None else None
    if path is not None:
        message = f"this run is changed under its old name, and {what}"
        yield Fault(path, RUN, message, _way_out(change, namespace, "give it another name: the old one stays as it is"))


def _first(change: Change) -> Path | None:
    """The first field of a run's spec that ought to stay."""
    for field in change.fields:
        if field.path[0] == "spec" and field.path[-1] not in FREE:
            return _leaf(change, field.path)
    return None


def _leaf(change: Change, steps: Sequence[str]) -> Path:
    """The path of a field as far as maps go: where it is written, or near that."""
    body = change.body
    path: list[str | int] = []
    for step in steps:
        value = body.get(step)
        if step not in body:
            break
        path.append(step)
        if not isinstance(value, dict):
            break
        body = value
    return tuple(path)


def _way_out(change: Change, namespace: str, general: str) -> str:
    """By another name, or by hand."""
    how, besides = DELETED.get(change.ref.kind, AGAIN if named(change.body) in RUNS else ("", ""))
    where = f" -n {namespace}" if namespace else ""
    command = f"`kubectl delete{where} {change.ref.kind.lower()}/{change.ref.name}{how}`"
    after = f": {besides}" if besides else ""
    return f"{general}; or run {command} just before this is merged, and it is made anew{after}"
