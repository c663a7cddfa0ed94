"""A Spark driver or executor gets less memory than Spark starts with."""

from collections.abc import Iterator

from mlgen.kinds import spark_size
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="too-little-memory",
    title="A Spark driver or executor gets less memory than Spark starts with",
    why="Spark keeps 384Mi of a pod for what is not on its heap, and stops at once if the heap is below 450Mi.",
    bad="executors: {count: 4, memory: 512Mi}",
    good="executors: {count: 4, memory: 2Gi}",
    source="apache/spark, UnifiedMemoryManager.scala and BasicDriverFeatureStep.scala",
)
LEAST = spark_size.LEAST_HEAP + spark_size.LEAST_OVERHEAD


def check(workload: Workload) -> Iterator[Problem]:
    """The memory of both sorts of pods; it is what a pod gets in all."""
    for pods in ("driver", "executors"):
        asked = workload.spec.find(pods, "memory") if workload.kind == "spark" else None
        if asked is not None and spark_size.mebibytes(said(asked)) < LEAST:
            message = f"{said(asked)} is too little for Spark: {LEAST}Mi is the least that its {pods} can start with"
            yield Problem(RULE.id, asked.span, message, "raise `memory`, such as to `2Gi`")
