"""An MPIJob of the Training Operator in an environment whose queue never sees it."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="mpi-queue",
    title="An MPIJob that the environment's queue never sees",
    why="Kueue knows the MPIJobs of the MPI operator, which are of another version of the API. Those of the Training "
    "Operator would start past all that waits, and use what the queue has given to others.",
    bad="platform: {mpi: kubeflow-training-1.9}\nqueue: {from: kueue-0.19, cluster: research}",
    good="platform: {mpi: kubeflow-training-1.9}            # in an environment without a queue",
    source="kueue v0.15, pkg/controller/jobs/mpijob: kubeflow.org/v2beta1; pkg/controller/jobs/kubeflow/jobs",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Wherever there is a queue."""
    queue, chosen = workload.site.offer.get("queue"), workload.site.offer.find("platform", "mpi")
    if workload.kind != "mpi" or queue is None or chosen is None:
        return
    here = said(workload.site.offer["name"])
    message = f"the queue of `{here}` never sees `{workload.name}`: Kueue knows no MPIJob of the Training Operator"
    hint = f"say under `environments` of `{workload.name}` where it runs, or take `queue` away: `queue: null`"
    yield Problem(RULE.id, workload.spec["kind"].span, message, hint, related=((queue.span, "the queue"),))
