"""A SparkApplication of Apache's operator -> its pods: settings size them, templates say the rest."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from mlgen.amount import quantity
from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.node import Path
from mlgen.spark_pods import LEAST_OVERHEAD, MIB, MOST, Amounts, size

OWNERS = ("spark.apache.org/v1 SparkApplication", "spark.apache.org/v1beta1 SparkApplication")
ON_THE_JVM, BESIDE_IT = Fraction(1, 10), Fraction(4, 10)
# What Spark starts by itself, where nobody says how many executors there are.
EXECUTORS = 2
SIZED = ("cpu", "memory")


def apache_shares(body: Body) -> Iterator[tuple[Path, int, Amounts, Amounts, Body]]:
    """Driver and executors: where they stand, how many, requests and limits of one, and what has its nodes.

    Source: apache/spark, resource-managers/kubernetes: BasicDriverFeatureStep, BasicExecutorFeatureStep.
    """
    if f"{body.get('apiVersion')} {body.get('kind')}" not in OWNERS:
        return
    spec = map_at(body, "spec")
    conf = map_at(spec, "sparkConf")
    tenths = ON_THE_JVM if spec.get("jars") or spec.get("mainClass") else BESIDE_IT
    for role in ("driver", "executor"):
        where = ("spec", f"{role}Spec", "podTemplateSpec", "spec")
        pod = map_at(body, *where)
        cpu = quantity(conf.get(f"spark.kubernetes.{role}.request.cores")) or quantity(conf.get(f"spark.{role}.cores"))
        own = {"cpu": cpu or Fraction(1), "memory": memory(conf, role, tenths)}
        extended = _extended(pod)
        limits = {"memory": own["memory"], **extended}
        most = quantity(conf.get(f"spark.kubernetes.{role}.limit.cores"))
        limits |= {"cpu": most} if most is not None else {}
        count = 1 if role == "driver" else executors(body)
        notes = map_at(body, *where[:-1], "metadata", "annotations")
        yield where if pod else ("spec",), count, {**own, **extended}, limits, {**pod, "annotations": notes}


def executors(body: Body) -> int:
    """How many there are, or may be."""
    conf = map_at(body, "spec", "sparkConf")
    dynamic = text_at(conf, "spark.dynamicAllocation.enabled").lower() == "true"
    found = quantity(conf.get("spark.dynamicAllocation.maxExecutors" if dynamic else "spark.executor.instances"))
    return min(max(int(found), 0), MOST) if found is not None else EXECUTORS


def memory(conf: Body, role: str, tenths: Fraction) -> Fraction:
    """The heap, and what is added to it."""
    heap = size(conf.get(f"spark.{role}.memory")) or Fraction(1024 * MIB)
    more = size(conf.get(f"spark.{role}.memoryOverhead"))
    return Fraction(ceil((heap + (more if more is not None else max(LEAST_OVERHEAD, heap * tenths))) / MIB) * MIB)


def _extended(pod: Body) -> Amounts:
    """What the template's container asks for besides: Spark leaves that."""
    for _, container in maps_at(pod, "containers"):
        limits = map_at(container, "resources", "limits")
        found = {name: quantity(value) for name, value in limits.items() if name not in SIZED}
        return {name: amount for name, amount in found.items() if amount is not None}
    return {}
