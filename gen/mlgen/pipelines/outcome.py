"""A kind of object that runs to its end -> how it says that it is over, and how that went."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.own.kind import Kinds
from mlgen.own.outcome import told


class Outcome(NamedTuple):
    """``plural`` is the kind as the API's addresses and roles name it.

    It has ``succeeded`` or ``failed`` when its ``state``, a path in the object, is one of these words; without such a
    path, when a condition of one of these types is true. ``done`` is what Argo can see of a success where it is said
    by a condition: it reads lists by position only. Where something stands at ``unless``, what looks like a success is
    none.
    """

    plural: str
    succeeded: tuple[str, ...]
    failed: tuple[str, ...]
    state: tuple[str, ...] = ()
    done: str = ""
    unless: tuple[str, ...] = ()


# A time of completion is set by a failure too, but in the same update as the condition, and Argo asks for failures
# first (workflow/executor/resource.go, matchConditions; training-operator, pkg/controller.v1/common/job.go).
COMPLETED = "status.completionTime"
# By "apiVersion kind".
OUTCOMES: Mapping[str, Outcome] = {
    "batch/v1 Job": Outcome("jobs", ("Complete",), ("Failed",), done=COMPLETED),
    "kubeflow.org/v1 TFJob": Outcome("tfjobs", ("Succeeded",), ("Failed",), done=COMPLETED),
    "kubeflow.org/v1 PyTorchJob": Outcome("pytorchjobs", ("Succeeded",), ("Failed",), done=COMPLETED),
    "kubeflow.org/v1 MPIJob": Outcome("mpijobs", ("Succeeded",), ("Failed",), done=COMPLETED),
    "kubeflow.org/v1beta1 Experiment": Outcome("experiments", ("Succeeded",), ("Failed",), done=COMPLETED),
    "ray.io/v1 RayJob": Outcome(
        "rayjobs", ("Complete",), ("Failed", "ValidationFailed"), state=("status", "jobDeploymentStatus")
    ),
    # Its runtime makes a JobSet of one sort of Job: that Job's is the first of the counts.
    "trainer.kubeflow.org/v1alpha1 TrainJob": Outcome(
        "trainjobs", ("Complete",), ("Failed",), done="status.jobsStatus.0.succeeded > 0"
    ),
    "jobset.x-k8s.io/v1alpha2 JobSet": Outcome(
        "jobsets", ("Completed",), ("Failed",), done="status.terminalState == Completed"
    ),
    # Its pods are released after a success; mlgen lets those of a failure be kept, and then the word says so, though
    # they are gone after several attempts. What could not even be started releases all it has, and says why.
    "spark.apache.org/v1 SparkApplication": Outcome(
        "sparkapplications",
        ("ResourceReleased",),
        ("TerminatedWithoutReleaseResources",),
        state=("status", "currentState", "currentStateSummary"),
        unless=("status", "currentState", "message"),
    ),
    # FAILED is said when no retry is left; SUBMISSION_FAILED is not the end while mlgen lets it be tried again.
    "sparkoperator.k8s.io/v1beta2 SparkApplication": Outcome(
        "sparkapplications", ("COMPLETED",), ("FAILED",), state=("status", "applicationState", "state")
    ),
}


def known(kind: str, kinds: Kinds) -> Outcome | None:
    """How objects of ``kind``, "batch/v1 Job", say that they are over; None if nobody says that."""
    if kind in OUTCOMES or not kinds.every:
        return OUTCOMES.get(kind)
    found = (one for one in told(kinds) if f"{one.api_version} {one.kind}" == kind)
    return next((Outcome(one.plural, one.succeeded, one.failed, one.state) for one in found), None)


# Jobs and operators add conditions at the end, and none has more than these before the one that says how it went:
# created, running, restarting or suspended, and that it is about to fail.
POSITIONS = range(5)


def conditions(outcome: Outcome) -> tuple[str, str]:
    """What Argo asks an object until one of the two is so: of a success all parts, of a failure any."""
    if outcome.state:
        path = ".".join(outcome.state)
        succeeded = f"{path} in ({', '.join(outcome.succeeded)})"
        succeeded += f", !{'.'.join(outcome.unless)}" if outcome.unless else ""
        return succeeded, f"{path} in ({', '.join(outcome.failed)})"
    failed = [f"status.conditions.{index}.type in ({', '.join(outcome.failed)})" for index in POSITIONS]
    return outcome.done, ", ".join(failed)
