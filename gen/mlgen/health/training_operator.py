"""A run of Kubeflow's Training Operator 1.9 -> its health: all its kinds have the same conditions.

The operator keeps `Running` and `Restarting` apart: each takes the other away (pkg/util/status.go).
"""

from mlgen.health.check import Check
from mlgen.health.conditions import Conditions

RUN = Conditions(
    (
        ("Failed", "Degraded"),
        ("Succeeded", "Healthy"),
        ("Suspended", "Suspended"),
        ("Running", "Healthy"),
    )
)


def check(kind: str) -> Check:
    """That of one of its kinds."""
    why = "Argo CD has no check for it, and Flux takes it for done at once, failed or not."
    return Check("kubeflow.org/v1", kind, why, RUN.lua, RUN.failed, RUN.current)
