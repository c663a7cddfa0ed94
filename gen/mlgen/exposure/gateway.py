"""A host -> an HTTPRoute that attaches to the environment's Gateway."""

from mlgen.node import Node
from mlgen.objects import Object, metadata, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made


def route(workload: Workload, host: Made, service: Made, port: Draft, offer: Node) -> Object:
    """Every path of the host goes to the Service. The Gateway must allow routes from this namespace."""
    body: dict[str, Draft] = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(workload.site, service, workload_labels(workload)),
        "spec": {
            "parentRefs": [{"name": offer["name"], "namespace": offer["namespace"]}],
            "hostnames": [host],
            "rules": [{"backendRefs": [{"name": service, "port": port}]}],
        },
    }
    return Object(body, (workload.spec["host"],))
