"""A TrainJob -> the pods of its runtime's job: how many, what each asks for, and where they go."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, number_at
from mlgen.node import Json, Path

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
    """In whichever field the operator's version has for that; the last one wins. The pods' annotations, too."""
    patches: list[tuple[Body, Body]] = [(one, {}) for _, one in maps_at(spec, "podSpecOverrides")]
    patches += [(map_at(one, "spec"), map_at(one, "metadata")) for _, one in maps_at(spec, "podTemplateOverrides")]
    for _, patch in maps_at(spec, "runtimePatches"):
        for _, job in maps_at(patch, *JOBS):
            patches.append((map_at(job, *POD), map_at(job, *POD[:-1], "metadata")))
    notes = {key: value for _, metadata in patches for key, value in map_at(metadata, "annotations").items()}
    placed: dict[str, Json] = {key: patch[key] for patch, _ in patches for key in PLACING if key in patch}
    return placed | ({"annotations": notes} if notes else {})
