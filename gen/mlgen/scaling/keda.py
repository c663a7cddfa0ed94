"""A Deployment and its bounds -> a ScaledObject of KEDA 2.20.

KEDA makes an autoscaler of Kubernetes for it, which is called here as one without KEDA would be: alerts find it, and
where there is one already, from before the environment had KEDA, it is taken over; KEDA's webhook would else refuse
what scales a Deployment that something scales (keda.sh, ScaledObject specification, transfer-hpa-ownership).
"""

from mlgen.node import Node
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.scaling.kubernetes import share
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

TAKES_OVER: dict[str, Draft] = {"scaledobject.keda.sh/transfer-hpa-ownership": "true"}


def scale(workload: Workload, least: Node, most: Node) -> Object:
    """By the share of the requested processors; what a trigger is told is text."""
    percent, place = share(workload), workload.site.offer["platform"]["autoscaler"]
    trigger: Draft = {
        "type": "cpu",
        "metricType": "Utilization",
        "metadata": {"value": made(said(percent), *percent.sources)},
    }
    body: dict[str, Draft] = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload), annotations=TAKES_OVER),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": named(workload)},
            "minReplicaCount": least,
            "maxReplicaCount": most,
            "advanced": {"horizontalPodAutoscalerConfig": {"name": named(workload)}},
            "triggers": [trigger],
        },
    }
    return Object(body, (workload.spec["replicas"], place))
