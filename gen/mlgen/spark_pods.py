"""A Spark application -> its pods, which no template describes: how many, and what each asks for."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

from mlgen.amount import quantity
from mlgen.body import Body, map_at, number_at, text_at
from mlgen.node import Json, Path

Amounts = Mapping[str, Fraction]
APPLICATIONS: Mapping[str, Path] = {"SparkApplication": ("spec",), "ScheduledSparkApplication": ("spec", "template")}
UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4, "p": 1024**5}
LEAST_OVERHEAD = Fraction(384 * 1024**2)
MIB = 1024**2
MOST = 10**9  # no real number of pods is greater


def spark_shares(body: Body) -> Iterator[tuple[Path, int, Amounts, Amounts, Body]]:
    """Driver and executors: where they stand, how many, requests and limits of one, and what has its nodes.

    Source: apache/spark, resource-managers/kubernetes: BasicDriverFeatureStep, BasicExecutorFeatureStep.
    """
    where = APPLICATIONS.get(text_at(body, "kind"))
    if where is None or not text_at(body, "apiVersion").startswith("sparkoperator.k8s.io/"):
        return
    spec = map_at(body, *where)
    tenths = Fraction(1, 10) if spec.get("type") in ("Java", "Scala") else Fraction(4, 10)
    for role in ("driver", "executor"):
        pod = map_at(spec, role)
        memory = _memory(pod, tenths)
        gpus = map_at(pod, "gpu")
        count = Fraction(number_at(gpus, "quantity") or 0)
        extended = {text_at(gpus, "name"): count} if gpus else {}
        requests = {"cpu": _cores(pod), "memory": memory, **extended}
        limit = quantity(pod.get("coreLimit"))
        limits = {"memory": memory, **extended, **({"cpu": limit} if limit is not None else {})}
        yield (*where, role), _pods(spec, role), requests, limits, pod


def _pods(spec: Body, role: str) -> int:
    if role == "driver":
        return 1
    dynamic = map_at(spec, "dynamicAllocation")
    most = number_at(dynamic, "maxExecutors") if dynamic.get("enabled") is True else None
    found = most if most is not None else number_at(spec, "executor", "instances")
    return min(max(found, 0), MOST) if found is not None else 1


def _cores(pod: Body) -> Fraction:
    asked = quantity(pod.get("coreRequest"))
    return asked if asked is not None else Fraction(number_at(pod, "cores") or 1)


def _memory(pod: Body, tenths: Fraction) -> Fraction:
    """The heap, and what Spark adds to it."""
    heap, overhead = size(pod.get("memory")), size(pod.get("memoryOverhead"))
    if heap is None:
        heap = Fraction(UNITS["g"])
    more = overhead if overhead is not None else max(LEAST_OVERHEAD, heap * tenths)
    return Fraction(ceil((heap + more) / MIB) * MIB)


def size(value: Json) -> Fraction | None:
    """An amount of memory as the JVM writes it: `4g`, `512m`; a bare number is of mebibytes."""
    text = value.lower().removesuffix("b").removesuffix("i") if isinstance(value, str) else ""
    if text.isdecimal():
        return Fraction(int(text[:18]) * MIB)
    number, unit = text[:-1], text[-1:]
    return Fraction(int(number[:18]) * UNITS[unit]) if number.isdecimal() and unit in UNITS else None
