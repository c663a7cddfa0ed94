"""The spec of a workload -> what its pods ask for while all of them run."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from mlgen.node import Node
from mlgen.quantity import amount, cores
from mlgen.trace import said


class Demand(NamedTuple):
    """Processor cores, bytes of memory, and GPUs by their class."""

    cpu: Fraction
    memory: Fraction
    gpus: Mapping[str, int]


def demand(spec: Node) -> Demand:
    """The sum over all pods of a workload whose spec is complete."""
    sorts = list(_sorts(spec))
    gpus: dict[str, int] = {}
    for pods, each in sorts:
        for name, count in each["gpu"].entries.items() if "gpu" in each else ():
            gpus[name] = gpus.get(name, 0) + pods * int(said(count))
    cpu = sum((pods * cores(said(each["cpu"])) for pods, each in sorts), Fraction(0))
    memory = sum((pods * amount(said(each["memory"])) for pods, each in sorts), Fraction(0))
    return Demand(cpu, memory, gpus)


def pods_at_a_time(spec: Node) -> int:
    """How many pods of a workload that have GPUs may run together; parameter servers have none."""
    if "workers" in spec:
        evaluator = spec.get("evaluator")
        return int(said(spec["workers"])) + (1 if evaluator is not None and evaluator.value is True else 0)
    for path in (
        ("executors", "max"),
        ("executors", "count"),
        ("parallelism",),
        ("completions",),
        ("replicas", "max"),
        ("replicas", "min"),
    ):
        found = spec.find(*path)
        if found is not None:
            pods = int(said(found))
            return pods + (canary_share(pods, spec["canary"]["weight"]) if "canary" in spec else 0)
    return len(spec["users"].items) if "users" in spec else 1


def canary_share(pods: int, weight: Node) -> int:
    """How many pods a canary has beside ``pods``: its share of them as of the requests, and one at least."""
    return max(1, -(-pods * int(said(weight)) // 100))


def _sorts(spec: Node) -> Iterator[tuple[int, Node]]:
    """How many pods of each sort, and what each of them asks for."""
    executors = spec.get("executors")
    if executors is not None:
        yield 1, spec["driver"]
        yield pods_at_a_time(spec), executors
        return
    yield pods_at_a_time(spec), spec["resources"]
    if "ps" in spec:  # parameter servers have no GPUs
        alike = {key: node for key, node in spec["resources"].entries.items() if key != "gpu"}
        yield int(said(spec["ps"])), Node(alike, spec["resources"].span)
