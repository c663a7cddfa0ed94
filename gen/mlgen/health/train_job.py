"""A TrainJob of Kubeflow Trainer 2 -> its health: it runs as soon as all pods of one of its Jobs do.

The trainer copies what its JobSet says, under other names (trainer 2.3, pkg/runtime/framework/plugins/jobset).
"""

from mlgen.health.check import Check
from mlgen.health.conditions import Conditions

RUN = Conditions(
    (
        ("Failed", "Degraded"),
        ("Complete", "Healthy"),
        ("Suspended", "Suspended"),
    ),
    counted=("jobsStatus", "ready"),
)

CHECK = Check(
    "trainer.kubeflow.org/v1alpha1",
    "TrainJob",
    "Argo CD has no check for it, and Flux takes it for done at once, failed or not.",
    RUN.lua,
    RUN.failed,
    RUN.current,
)
