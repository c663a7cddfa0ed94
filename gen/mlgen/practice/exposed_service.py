"""A Service that is open beyond the cluster."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, at, map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="exposed-service",
    title="A Service that is open beyond the cluster",
    why="It is reached past the ingress, its certificates and its checks; a load balancer costs money, too.",
    bad="spec: {type: LoadBalancer}",
    good="spec: {type: ClusterIP}",
    source="https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
    severity="warning",
    ignorable=True,
)

# What makes a load balancer one of the inner network.
INTERNAL: Mapping[str, tuple[str, ...]] = {
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "networking.gke.io/load-balancer-type": ("Internal",),
    "cloud.google.com/load-balancer-type": ("Internal",),
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
}


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """NodePort, and a LoadBalancer that is not one of the inner network."""
    said = at(body, "spec", "type")
    if said in ("NodePort", "LoadBalancer"):
        notes = map_at(body, "metadata", "annotations")
        inner = any(notes.get(key) in values for key, values in INTERNAL.items())
        if not (said == "LoadBalancer" and inner):
            message = f"a Service of type {code(said)} is open beyond the cluster"
            yield Fault(("spec", "type"), RULE.id, message, "write an Ingress or an HTTPRoute for it", "warning")
