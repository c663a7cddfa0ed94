"""The spec of a workload -> how many of its pods run at a time."""

from mlgen.node import Node
from mlgen.search_space import number_of_trials
from mlgen.trace import said


def pods_at_a_time(spec: Node) -> int:
    """How many pods of a workload that have GPUs may run together; parameter servers have none."""
    if "workers" in spec:
        evaluator = spec.get("evaluator")
        return int(said(spec["workers"])) + (1 if evaluator is not None and evaluator.value is True else 0)
    if "parallel" in spec:
        return min(int(said(spec["parallel"])), max(number_of_trials(spec), 1))
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
