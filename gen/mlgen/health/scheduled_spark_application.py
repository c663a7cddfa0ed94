"""A ScheduledSparkApplication -> its health: whether its schedule is kept, whatever became of its runs.

How the last run ended it does not say: it lists the names of past runs, each of which has its own health.
"""

from mlgen.health.check import Check
from mlgen.health.phase import Phase

SCHEDULE = Phase(
    ("scheduleState",),
    ("reason",),
    {"Scheduled": "Healthy", "FailedValidation": "Degraded"},
    pausable=True,
)

CHECK = Check(
    "sparkoperator.k8s.io/v1beta2",
    "ScheduledSparkApplication",
    "Argo CD has no check for it, and Flux takes one whose schedule is refused for done.",
    SCHEDULE.lua,
    SCHEDULE.failed,
    SCHEDULE.current,
)
