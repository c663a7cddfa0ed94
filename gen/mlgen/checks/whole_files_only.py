"""Data on S3 that a workload writes as only a disk can be written."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="whole-files-only",
    title="Data on S3 is written as only a disk can be",
    why="Mountpoint takes new files, from beginning to end, and shows them when they are closed. It renames "
    "nothing, appends to nothing and changes nothing in place: whoever tries is told that it cannot be done.",
    bad="data: {features: {blob: churn/features, access: write}}\n"
    "features: {kind: spark, data: [features]}            # in an environment with `driver: s3`",
    good="data: {features: {claim: features, access: write}}\n"
    "features: {kind: spark, data: [features]}            # or Spark itself writes to s3a://",
    source="awslabs/mountpoint-s3, doc/SEMANTICS.md: writes, rename",
)
DRIVER = "s3"
# What the kinds do of themselves, whatever the program.
HABITS = {
    "spark": (
        "Spark renames what it wrote when a job is done",
        "let Spark itself write to `s3a://`, or keep the data on a claim",
    ),
    "tensorflow": ("TensorFlow renames each checkpoint that it wrote", "keep the data on a claim"),
    "notebook": (
        "Jupyter renames each file that it saves",
        "let it be read (`access: read`), or keep the data on a claim",
    ),
}


def check(workload: Workload) -> Iterator[Problem]:
    """A warning for each piece of data that is written by what renames, and for logs that are watched as they grow."""
    driver = workload.site.offer.find("storage", "blob", "driver")
    if driver is None or driver.value != DRIVER:
        return
    listed, kind = workload.spec.get("data"), said(workload.spec["kind"])
    if kind in HABITS:
        habit, instead = HABITS[kind]
        for used in listed.items if listed is not None else []:
            if (access := _written(workload, said(used))) is not None:
                message = f"`{said(used)}` is on S3, where nothing can be renamed, and {habit}"
                hint = f"{instead}: `{{blob: null, claim: NAME}}`"
                yield _problem(used, message, hint, access, driver)
    logs = workload.spec.get("tensorboard") or workload.spec.get("history")
    if logs is not None and (access := _written(workload, said(logs).partition("/")[0])) is not None:
        message = "these logs are on S3, where nothing can be appended to, and nothing is seen before it is closed"
        hint = "keep the logs on a claim or in a file share"
        yield _problem(logs, message, hint, access, driver)


def _written(workload: Workload, name: str) -> Node | None:
    """Where it is said that the data may be written, if it is in the bucket."""
    entry = workload.data.get(name)
    access = entry.get("access") if entry is not None and "blob" in entry else None
    return access if access is not None and access.value == "write" else None


def _problem(place: Node, message: str, hint: str, access: Node, driver: Node) -> Problem:
    related = ((access.span, "it may be written"), (driver.span, "the driver"))
    return Problem(RULE.id, place.span, message, hint, "warning", related)
