"""``spot: true`` -> the nodes that a cloud may take away, and a Job to which the loss of one is no failure."""

from dataclasses import replace

from mlgen.node import Node
from mlgen.site import Workload
from mlgen.trace import Draft, made

KEY = "spot"


def asked(workload: Workload) -> Node | None:
    """Where the workload says that its pods go there; None where they do not."""
    found = workload.spec.get(KEY)
    return found if found is not None and found.value is True else None


def nodes(workload: Workload) -> Node | None:
    """What the environment says of these nodes, for a workload whose pods go there."""
    return workload.site.offer.get(KEY) if asked(workload) is not None else None


def stays(workload: Workload) -> Workload:
    """The workload with pods that go to no such nodes: those whose loss would be that of all others."""
    rest = {key: node for key, node in workload.spec.entries.items() if key != KEY}
    return replace(workload, spec=replace(workload.spec, value=rest))


def forgiven(workload: Workload) -> dict[str, Draft]:
    """The part of a Job's spec by which a pod that was taken away is none of its retries (KEP-3329)."""
    why = asked(workload)
    if why is None:
        return {}
    condition: Draft = {"type": "DisruptionTarget", "status": "True"}
    return {"podFailurePolicy": made({"rules": [{"action": "Ignore", "onPodConditions": [condition]}]}, why)}
