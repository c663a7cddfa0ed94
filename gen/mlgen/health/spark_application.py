"""A SparkApplication -> its health.

A submission or a run that failed is tried again, or else becomes FAILED: only that is the end (spark-operator 2.5,
internal/controller/sparkapplication/controller.go). SUCCEEDING is a run whose driver has ended well.
"""

from mlgen.health.check import Check
from mlgen.health.phase import Phase

APPLICATION = Phase(
    ("applicationState", "state"),
    ("applicationState", "errorMessage"),
    {
        "RUNNING": "Healthy",
        "SUCCEEDING": "Healthy",
        "COMPLETED": "Healthy",
        "FAILED": "Degraded",
        "SUSPENDING": "Suspended",
        "SUSPENDED": "Suspended",
    },
)

CHECK = Check(
    "sparkoperator.k8s.io/v1beta2",
    "SparkApplication",
    "Argo CD's own check calls a run that is about to be tried again degraded, one with fewer executors than it asked "
    "for progressing as long as it runs, and so one that is suspended; Flux takes it for done at once, failed or not.",
    APPLICATION.lua,
    APPLICATION.failed,
    APPLICATION.current,
)
