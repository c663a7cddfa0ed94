"""A CronJob -> a workload of kind `job` with a schedule."""

from mlgen.imports import job
from mlgen.imports.form import Form, plainly

TEMPLATE = ("spec", "jobTemplate")
FORM = Form(
    kind="job",
    pods=((*TEMPLATE, *job.POD),),
    says={
        ("spec", "schedule"): ("schedule", plainly),
        ("spec", "timeZone"): ("timeZone", plainly),
        ("spec", "concurrencyPolicy"): ("concurrency", plainly),
        **{(*TEMPLATE, "spec", *path): said for path, said in job.SAYS.items()},
    },
)
