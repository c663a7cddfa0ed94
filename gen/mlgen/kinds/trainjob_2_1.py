"""A ``pytorch`` workload on Kubeflow Trainer 2.1 -> a TrainJob with `podTemplateOverrides`: labels can be said, too."""

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
    """A part of a pod template for a job of the runtime."""
    return {
        "targetJobs": [{"name": trainjob.JOB}],
        "metadata": part.metadata,
        "spec": {**part.spec, "containers": [part.container]},
    }


VERSION = Version("podTemplateOverrides", patched, security=False, deadline=False, queue=False)
