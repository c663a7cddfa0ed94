"""The environment's topology -> what keeps the pods that train together near each other.

Kueue looks for a place for all of them at once, by an annotation of the pod template (its topology-aware scheduling);
the scheduler of Kubernetes looks for one pod after the other, by an affinity to those of the same workload.
"""

from collections.abc import Mapping

from mlgen.node import Node
from mlgen.objects import selector, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

REQUIRED, PREFERRED = ("kueue.x-k8s.io/podset-required-topology", "kueue.x-k8s.io/podset-preferred-topology")
ALWAYS_SEVERAL = ("mpi", "ray")  # a launcher or a head beside the workers


def notes(workload: Workload) -> Mapping[str, Draft]:
    """The annotation of a pod template that Kueue reads."""
    found = workload.site.offer.find("queue", "topology")
    if found is None or not together(workload):
        return {}
    return {REQUIRED if required(found) else PREFERRED: found["level"]}


def affinity(workload: Workload) -> Draft:
    """The affinity of a pod; None where the environment says nothing, or the pod has no others to be near."""
    found = workload.site.offer.get("topology")
    if found is None or not together(workload):
        return None
    own = selector(workload_labels(workload))
    term: Draft = {"topologyKey": made(said(found["level"]), found["level"]), "labelSelector": {"matchLabels": own}}
    if required(found):
        return {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    weighed: Draft = {"weight": 100, "podAffinityTerm": term}
    return {"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [weighed]}}


def together(workload: Workload) -> bool:
    """Whether its pods train together, and are several."""
    workers = workload.spec.get("workers")
    if workers is None or "run" not in workload.spec:
        return False
    return said(workers) != "1" or "ps" in workload.spec or workload.kind in ALWAYS_SEVERAL


def required(topology: Node) -> bool:
    """Whether pods would rather wait than be apart."""
    return topology["required"].value is True
