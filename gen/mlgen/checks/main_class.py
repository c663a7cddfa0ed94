"""A jar without its main class, or a main class without a jar."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="main-class",
    title="A jar without its main class, or a main class without a jar",
    why="Spark does not look into a jar that is in the image: it refuses to start without the name of a class.",
    bad="main: local:///opt/churn/features.jar",
    good="main: local:///opt/churn/features.jar\nmainClass: com.acme.churn.Features",
    source="apache/spark, SparkSubmit.scala",
)


def check(workload: Workload) -> Iterator[Problem]:
    """`main` beside `mainClass`."""
    main = workload.spec.get("main")
    if main is None:
        return
    jar, named = said(main).endswith(".jar"), "mainClass" in workload.spec
    if jar and not named:
        yield Problem(RULE.id, main.span, "this jar is given without its main class", "add `mainClass`")
    elif named and not jar:
        message = "`mainClass` has no effect: `main` is no jar"
        yield Problem(RULE.id, workload.spec.key_span("mainClass"), message, "remove it")
