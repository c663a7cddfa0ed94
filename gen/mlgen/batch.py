"""An object -> the specs of the Jobs that it makes, with their paths."""

from collections.abc import Iterator

from mlgen.body import Body, at, maps_at
from mlgen.node import Path
from mlgen.pods import named


def jobs(body: Body) -> Iterator[tuple[Path, Body]]:
    """Every spec of a batch/v1 Job in a Job, a CronJob or a JobSet."""
    kind = named(body)
    paths: list[Path] = []
    if kind == "batch/v1 Job":
        paths = [("spec",)]
    elif kind == "batch/v1 CronJob":
        paths = [("spec", "jobTemplate", "spec")]
    elif kind.startswith("jobset.x-k8s.io/") and body.get("kind") == "JobSet":
        paths = [(*path, "template", "spec") for path, _ in maps_at(body, "spec", "replicatedJobs")]
    for path in paths:
        if isinstance(spec := at(body, *path), dict):
            yield path, spec
