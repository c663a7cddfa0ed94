"""A version of Spark that Apache's operator does not run."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="too-old-spark",
    title="A version of Spark that the operator does not run",
    why="Apache's operator makes the driver by the rules of its own Spark, and is made for drivers from 3.5 on.",
    bad="version: 3.3.4            # and the environment has `platform: {spark: apache-spark-operator-1.0}`",
    good="version: 4.0.4",
    source="apache/spark-kubernetes-operator 1.0, docs/operations.md, Compatibility",
)
OLDEST = {"apache-spark-operator-1.0": (3, 5)}


def check(workload: Workload) -> Iterator[Problem]:
    """The `version` of an application, where its operator has a limit."""
    chosen = workload.site.offer.find("platform", "spark")
    if workload.kind != "spark" or chosen is None or said(chosen) not in OLDEST:
        return
    version, oldest = workload.spec["version"], OLDEST[said(chosen)]
    if tuple(int(part) for part in said(version).split(".")[:2]) < oldest:
        least = ".".join(map(str, oldest))
        message = (
            f"the operator that runs `{workload.name}` in `{said(workload.site.offer['name'])}` is for Spark {least}"
        )
        message += f" and later, not {said(version)}"
        hint = "bring the image to a later Spark, or say under `environments` where this one runs"
        yield Problem(RULE.id, version.span, message, hint, related=((chosen.span, "its operator"),))
