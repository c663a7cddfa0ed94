"""A host -> an Ingress."""

from mlgen.node import Node
from mlgen.objects import Object, metadata, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made


def route(workload: Workload, host: Made, service: Made, port: Draft, offer: Node) -> Object:
    """Every path of the host goes to the Service."""
    secret = offer.get("tlsSecret")
    backend: Draft = {"service": {"name": service, "port": {"name": "http"}}}
    body: dict[str, Draft] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(workload.site, service, workload_labels(workload)),
        "spec": {
            "ingressClassName": offer["class"],
            "tls": [made({"hosts": [host], "secretName": secret}, offer)],
            "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
        },
    }
    return Object(body, (workload.spec["host"],))
