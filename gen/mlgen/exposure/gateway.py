"""A host -> an HTTPRoute that attaches to the environment's Gateway."""

from collections.abc import Sequence

from mlgen.exposure.backend import Backend
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made


def route(workload: Workload, host: Made, backends: Sequence[Backend], offer: Node) -> Object:
    """Every path of the host goes to the Services. The Gateway must allow routes from this namespace."""
    refs: list[Draft] = [{"name": each.service, "port": each.port, "weight": each.weight} for each in backends]
    body: dict[str, Draft] = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "spec": {
            "parentRefs": [{"name": offer["name"], "namespace": offer["namespace"]}],
            "hostnames": [host],
            "rules": [{"backendRefs": refs}],
        },
    }
    return Object(body, (workload.spec["host"],))
