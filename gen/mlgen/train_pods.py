"""A TrainJob -> the pods of its runtime's job: how many, what each asks for, and where they go."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, number_at
from mlgen.node import Path

TRAINER = "trainer.kubeflow.org/v1alpha1"
TRAIN_JOB = f"{TRAINER} TrainJob"
RUNTIMES = (f"{TRAINER} TrainingRuntime", f"{TRAINER} ClusterTrainingRuntime")
# From a patch to its jobs, and from one of these to the spec of its pods.
JOBS = ("trainingRuntimeSpec", "template", "spec", "replicatedJobs")
POD = ("template", "spec", "template", "spec")
PLACING = ("nodeSelector", "tolerations", "affinity")
MOST = 10**9  # no real number of pods is greater


def train_pods(body: Body) -> Iterator[tuple[Path, Body, Body]]:
    """Where a TrainJob says what each pod asks for, that, and what has the nodes. Of what only the cluster's runtime
    says nothing is known here."""
    where = ("spec", "trainer", "resourcesPerNode")
    asked = map_at(body, *where)
    if asked and f"{body.get('apiVersion')} {body.get('kind')}" == TRAIN_JOB:
        yield where, asked, _placed(map_at(body, "spec"))


def nodes(body: Body) -> int:
    """How many pods a TrainJob has at a time."""
    count = number_at(body, "spec", "trainer", "numNodes")
    return 1 if count is None else min(max(count, 0), MOST)


def _placed(spec: Body) -> Body:
    """In whichever field the operator's version has for that; the last one wins."""
    patches = [one for _, one in maps_at(spec, "podSpecOverrides")]
    patches += [map_at(one, "spec") for _, one in maps_at(spec, "podTemplateOverrides")]
    for _, patch in maps_at(spec, "runtimePatches"):
        patches += [map_at(job, *POD) for _, job in maps_at(patch, *JOBS)]
    return {key: patch[key] for patch in patches for key in PLACING if key in patch}
