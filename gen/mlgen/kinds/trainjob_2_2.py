"""A ``pytorch`` workload on Kubeflow Trainer 2.2 and later -> a TrainJob with `runtimePatches`, security among them."""

from collections.abc import Iterator

from mlgen.kinds import trainjob
from mlgen.kinds.trainjob import Part, Version
from mlgen.objects import Object
from mlgen.pod import CONTAINER_SECURITY
from mlgen.site import Workload
from mlgen.trace import Draft

# Each writer has a patch of its own: Kueue, for one, adds the nodes to another.
MANAGER = "mlgen.dev/overlay"


def build(workload: Workload) -> Iterator[Object]:
    """The TrainJob, or the Job of one pod."""
    yield from trainjob.build(workload, VERSION)


def patched(part: Part) -> Draft:
    """A part of the runtime itself, down to the pod template of its job."""
    container = {**part.container, "securityContext": CONTAINER_SECURITY}
    template: Draft = {
        "metadata": part.metadata,
        "spec": {**part.spec, "securityContext": part.security, "containers": [container]},
    }
    job: Draft = {"name": trainjob.JOB, "template": {"spec": {"template": template}}}
    return {"manager": MANAGER, "trainingRuntimeSpec": {"template": {"spec": {"replicatedJobs": [job]}}}}


VERSION = Version("runtimePatches", patched)
