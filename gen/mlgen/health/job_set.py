"""A JobSet -> its health: it runs as soon as all pods of one of its Jobs do.

No condition says that it runs, but for each replicated Job it counts those that are ready (jobset 0.12,
jobset_types.go).
"""

from mlgen.health.check import Check
from mlgen.health.conditions import Conditions

RUN = Conditions(
    (
        ("Failed", "Degraded"),
        ("Completed", "Healthy"),
        ("Suspended", "Suspended"),
    ),
    counted=("replicatedJobsStatus", "ready"),
)

CHECK = Check(
    "jobset.x-k8s.io/v1alpha2",
    "JobSet",
    "Argo CD has no check for it, and Flux takes it for done at once, failed or not.",
    RUN.lua,
    RUN.failed,
    RUN.current,
)
