"""A Deployment and its bounds -> a HorizontalPodAutoscaler, which every cluster has."""

from mlgen.node import Node
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


def scale(workload: Workload, least: Node, most: Node) -> Object:
    """By the share of the requested processors."""
    target: Draft = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": share(workload)}}
    body: dict[str, Draft] = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": named(workload)},
            "minReplicas": least,
            "maxReplicas": most,
            "metrics": [{"type": "Resource", "resource": target}],
        },
    }
    return Object(body, (workload.spec["replicas"],))


def share(workload: Workload) -> Made:
    """The share, in percent, above which there are more pods."""
    cpu = workload.spec["replicas"]["cpu"]
    return made(int(said(cpu).rstrip("%")), cpu)
