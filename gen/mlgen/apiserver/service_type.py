"""A Service has what its type does not have, or lacks what it needs."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="service-type",
    title="A Service has a field of another type of Service, or lacks one of its own",
    why="The API server refuses it. Several ports are told apart by their names, an ExternalName Service has no "
    "address of its own, and a load balancer must not open the kubelet's port.",
    bad="ports: [{port: 80}, {port: 443}]",
    good="ports: [{name: http, port: 80}, {name: https, port: 443}]",
    source="kubernetes/pkg/apis/core/validation: ValidateService, validateServicePort",
)
KUBELET = 10250
ADDRESSES = ("clusterIP", "clusterIPs")
HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"


def check(body: Body) -> Iterator[Fault]:
    """The fields of a Service against its type."""
    spec = map_at(body, "spec")
    yield from _ports(spec)
    for field in ADDRESSES if spec.get("type") == "ExternalName" else ():
        if spec.get(field) not in (None, "", []):
            message = f"an ExternalName Service has no {code(field)}"
            yield Fault(("spec", field), RULE.id, message, "take it away, or change `type`")
    if spec.get("sessionAffinityConfig") is not None and spec.get("sessionAffinity") in (None, "None"):
        message = "`sessionAffinityConfig` needs `sessionAffinity: ClientIP`"
        yield Fault(("spec", "sessionAffinityConfig"), RULE.id, message, "add it, or take this away")
    notes = map_at(body, "metadata", "annotations")
    if HINTS in notes and notes.get(MODE, notes[HINTS]) != notes[HINTS]:
        where = ("metadata", "annotations", MODE)
        yield Fault(where, RULE.id, f"{code(HINTS)} says otherwise", "take the older annotation away")


def _ports(spec: Body) -> Iterator[Fault]:
    ports = list(maps_at(spec, "ports"))
    for where, port in ports:
        if len(ports) > 1 and not port.get("name"):
            yield Fault(("spec", *where), RULE.id, "of several ports each needs a name", "add `name`")
        if spec.get("type") == "LoadBalancer" and port.get("port") == KUBELET:
            message = f"port {KUBELET} is the kubelet's, and a load balancer would open it"
            yield Fault(("spec", *where, "port"), RULE.id, message, "choose another port")
