"""A ``pytorch`` workload on Kubeflow Trainer 2.0 -> a TrainJob with `podSpecOverrides`: the least that one can say."""

from collections.abc import Iterator

from mlgen.kinds import trainjob
from mlgen.kinds.trainjob import Part, Version
from mlgen.objects import Object
from mlgen.site import Workload
from mlgen.trace import Draft


def build(workload: Workload) -> Iterator[Object]:
    """The TrainJob, or the Job of one pod."""
    yield from trainjob.build(workload, VERSION)


def patched(part: Part) -> Draft:
    """Fields of the pods' spec, side by side with the name of the job; their labels are the runtime's."""
    spec = {key: value for key, value in part.spec.items() if key != "imagePullSecrets"}
    return {"targetJobs": [{"name": trainjob.JOB}], **spec, "containers": [part.container]}


VERSION = Version(
    "podSpecOverrides",
    patched,
    labels=False,
    pull_secrets=False,
    security=False,
    deadline=False,
    entry_point=False,
    queue=False,
)
