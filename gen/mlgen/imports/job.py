"""A Job -> a workload of kind `job`."""

from mlgen.imports.form import Form, duration, plainly
from mlgen.node import Path

POD: Path = ("spec", "template", "spec")
SAYS = {
    ("backoffLimit",): ("retries", plainly),
    ("backoffLimitPerIndex",): ("retries", plainly),
    ("activeDeadlineSeconds",): ("timeout", duration),
    ("completions",): ("completions", plainly),
    ("parallelism",): ("parallelism", plainly),
}
# What the controller writes into a Job that it made itself.
WIRING: tuple[Path, ...] = (("spec", "selector"), ("spec", "manualSelector"))
FORM = Form(
    kind="job",
    pods=(POD,),
    says={("spec", *path): said for path, said in SAYS.items()},
    wiring=WIRING,
)
