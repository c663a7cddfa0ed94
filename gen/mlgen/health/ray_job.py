"""A RayJob -> its health, by where KubeRay is with it; `Waiting` is for somebody to submit a job by hand."""

from mlgen.health.check import Check
from mlgen.health.phase import Phase

RUN = Phase(
    ("jobDeploymentStatus",),
    ("message",),
    {
        "Running": "Healthy",
        "Complete": "Healthy",
        "Failed": "Degraded",
        "ValidationFailed": "Degraded",
        "Suspending": "Suspended",
        "Suspended": "Suspended",
    },
)

CHECK = Check(
    "ray.io/v1",
    "RayJob",
    "Argo CD has no check for it, and Flux takes it for done at once, failed or not.",
    RUN.lua,
    RUN.failed,
    RUN.current,
)
