"""A GPU run that may go on for ever."""

from collections.abc import Iterator, Mapping

from mlgen.body import number_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-deadline",
    title="A GPU run that may go on for ever",
    why="One that hangs holds its GPUs until somebody sees it.",
    bad="spec: {backoffLimit: 0, template: {...}}",
    good="spec: {backoffLimit: 0, activeDeadlineSeconds: 86400, template: {...}}",
    source="https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
    severity="warning",
    ignorable=True,
)

# Where a kind has `activeDeadlineSeconds`.
DEADLINES: Mapping[str, Path] = {
    "batch/v1 Job": ("spec",),
    "batch/v1 CronJob": ("spec", "jobTemplate", "spec"),
    **{
        f"kubeflow.org/v1 {kind}": ("spec", "runPolicy")
        for kind in ("TFJob", "PyTorchJob", "XGBoostJob", "PaddleJob", "JAXJob", "MPIJob")
    },
    "kubeflow.org/v2beta1 MPIJob": ("spec", "runPolicy"),
    "ray.io/v1 RayJob": ("spec",),
}


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Neither the object nor the pod says when it has to be done."""
    where = DEADLINES.get(pod.owner)
    if where is None or not containers.wants_gpu(pod):
        return
    said = (number_at(pod.holder, *where, "activeDeadlineSeconds"), number_at(pod.spec, "activeDeadlineSeconds"))
    if said == (None, None):
        place = containers.nearest_to(pod.holder, (), *where)
        hint = f"write `activeDeadlineSeconds` in {code('.'.join(map(str, where)))}"
        yield Fault(place, RULE.id, "nothing ends this run if it hangs, and it holds GPUs", hint, "warning")
