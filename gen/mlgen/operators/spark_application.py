"""A Spark application that its operator refuses, or that cannot start."""

import re
from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.application import ROLES, application
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="spark-application",
    title="A Spark application that is refused, or cannot start",
    why="The operator's webhook refuses it, or Spark stops before the first line of the application runs.",
    bad="dynamicAllocation: {enabled: true, minExecutors: 10, maxExecutors: 2}",
    good="dynamicAllocation: {enabled: true, minExecutors: 2, maxExecutors: 10}",
    source="kubeflow/spark-operator v2.5, internal/webhook/sparkapplication_validator.go; apache/spark, "
    "ExecutorAllocationManager.validateSettings, SparkSubmit",
)
VERSION = re.compile(r"v?([0-9]+)")
WITH_TEMPLATES = 3
REMOTE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def check(body: Body) -> Iterator[Fault]:
    """Everything about the application as a whole."""
    path, spec = application(body)
    yield from _selectors(spec, path)
    yield from _templates(spec, path)
    yield from _main(spec, path)
    yield from _allocation(spec, path)
    yield from _ingresses(spec, path)


def _selectors(spec: Body, path: Path) -> Iterator[Fault]:
    for role in ROLES:
        if spec.get("nodeSelector") is not None and map_at(spec, role).get("nodeSelector") is not None:
            message = f"`nodeSelector` stands at the application and at `{role}`: the operator refuses both"
            yield Fault((*path, role, "nodeSelector"), RULE.id, message, "keep one of the two")


def _templates(spec: Body, path: Path) -> Iterator[Fault]:
    found = VERSION.match(text_at(spec, "sparkVersion"))
    for role in ROLES:
        if found and int(found[1]) < WITH_TEMPLATES and map_at(spec, role).get("template") is not None:
            message = f"pod templates need Spark {WITH_TEMPLATES}, and `sparkVersion` is {code(spec['sparkVersion'])}"
            yield Fault((*path, role, "template"), RULE.id, message, "use a newer Spark, or remove the template")


def _main(spec: Body, path: Path) -> Iterator[Fault]:
    main = text_at(spec, "mainApplicationFile")
    if main.endswith(".jar") and REMOTE.match(main) and not spec.get("mainClass"):
        message = (
            f"{code(main)} is given without its main class, and Spark does not look into a jar that is in the image"
        )
        yield Fault((*path, "mainApplicationFile"), RULE.id, message, "add `mainClass: com.example.Main`")


def _allocation(spec: Body, path: Path) -> Iterator[Fault]:
    dynamic, where = map_at(spec, "dynamicAllocation"), (*path, "dynamicAllocation")
    least, most = number_at(dynamic, "minExecutors"), number_at(dynamic, "maxExecutors")
    if dynamic.get("enabled") is not True:
        return
    if most is not None and most < 1:
        yield Fault(
            (*where, "maxExecutors"), RULE.id, f"at most {most} executors: nothing could run", "allow at least 1"
        )
    elif least is not None and most is not None and least > most:
        message = f"at least {least} and at most {most} executors cannot be"
        yield Fault((*where, "minExecutors"), RULE.id, message, "lower it, or raise `maxExecutors`")


def _ingresses(spec: Body, path: Path) -> Iterator[Fault]:
    ports: set[int | None] = set()
    for where, option in maps_at(spec, "driverIngressOptions"):
        port = number_at(option, "servicePort")
        if port in ports:
            message = f"two ways in have the port {port}"
            yield Fault((*path, *where, "servicePort"), RULE.id, message, "give each its own")
        ports |= {port} - {None}
        if not option.get("ingressURLFormat"):
            yield Fault(
                (*path, *where), RULE.id, "this way in has no `ingressURLFormat`", "add it: `{{$appName}}.example.com`"
            )
