"""Memory or processors of a Spark pod in words that Spark, or Kubernetes, does not read."""

import re
from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.application import ROLES, application
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="spark-amount",
    title="Memory or processors of a Spark pod in words that are not read",
    why="Spark reads memory as Java does (`4g`: 4 GiB) and stops at `4Gi` or `1.5g`; what goes to Kubernetes as it is, "
    "like `coreLimit`, must be a quantity there.",
    bad="executor: {memory: 4Gi}",
    good="executor: {memory: 4g}",
    source="apache/spark, JavaUtils.byteStringAs; kubeflow/spark-operator v2.5, "
    "internal/controller/sparkapplication/submission.go",
)
JAVA = re.compile(r"[0-9]+(b|kb?|mb?|gb?|tb?|pb?)?")
KUBERNETES = re.compile(r"([0-9]+)([KMGTP])i")
SIZES, QUANTITIES = ("memory", "memoryOverhead"), ("coreRequest", "coreLimit")


def check(body: Body) -> Iterator[Fault]:
    """The sizes of driver and executor."""
    path, spec = application(body)
    for role in ROLES:
        pod = map_at(spec, role)
        for field in SIZES:
            yield from _size(pod.get(field), (*path, role, field))
        for field in QUANTITIES:
            value = pod.get(field)
            if isinstance(value, str) and quantity(value) is None:
                message = f"{code(field)} cannot be {code(value)}"
                yield Fault((*path, role, field), RULE.id, message, "write it as Kubernetes does: `500m` or `2`")
        yield from _cores(pod, (*path, role))


def _size(value: object, path: Path) -> Iterator[Fault]:
    if isinstance(value, str) and not JAVA.fullmatch(value.strip().lower()):
        binary = KUBERNETES.fullmatch(value.strip())
        meant = f"`{binary[1]}{binary[2].lower()}`" if binary else "a whole number and a unit, such as `4g` or `1536m`"
        yield Fault(
            path, RULE.id, f"{code(path[-1])} cannot be {code(value)}: Spark reads it as Java does", f"write {meant}"
        )


def _cores(pod: Body, path: Path) -> Iterator[Fault]:
    asked, most = quantity(pod.get("coreRequest", pod.get("cores"))), quantity(pod.get("coreLimit"))
    if asked is not None and most is not None and asked > most:
        shown = code(pod.get("coreRequest", pod.get("cores")))
        message = f"the pod asks for {shown} cores, and `coreLimit` is {code(pod['coreLimit'])}"
        yield Fault((*path, "coreLimit"), RULE.id, message, "raise it, or ask for less")
