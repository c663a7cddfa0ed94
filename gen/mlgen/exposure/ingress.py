"""A host -> an Ingress."""

from collections.abc import Sequence

from mlgen.exposure.backend import Backend
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


def route(workload: Workload, host: Made, backends: Sequence[Backend], offer: Node) -> Object:
    """Every path of the host goes to the Service. Raises MlgenError where there are two: an Ingress has no weights."""
    if len(backends) > 1:
        raise MlgenError(_no_weights(workload, offer))
    secret = offer.get("tlsSecret")
    backend: Draft = {"service": {"name": backends[0].service, "port": {"name": "http"}}}
    body: dict[str, Draft] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "spec": {
            "ingressClassName": offer["class"],
            "tls": [made({"hosts": [host], "secretName": secret}, offer)],
            "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
        },
    }
    return Object(body, (workload.spec["host"],))


def _no_weights(workload: Workload, offer: Node) -> Problem:
    environment = said(workload.site.offer["name"])
    message = f"a canary needs a gateway to share the requests out, and `{environment}` has an ingress controller"
    hint = "give the environment `network: {gateway: ...}`, or write `canary: null` for it under `environments`"
    related = ((offer.span, "an Ingress has no weights"),)
    return Problem("canary-needs-gateway", workload.spec.key_span("canary"), message, hint, related=related)
