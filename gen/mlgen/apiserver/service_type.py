"""A Service has what its type does not have, or lacks what it needs."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="service-type",
    title="A Service has a field of another type of Service, or lacks one of its own",
    why="The API server refuses it. Node ports are of types that use them, a headless Service has no address that a "
    "node port or a load balancer could lead to, and several ports are told apart by their names.",
    bad="type: NodePort\nclusterIP: None",
    good="type: NodePort",
    source="kubernetes/pkg/apis/core/validation: ValidateService, validateServicePort, validateLoadBalancerClassField",
)
KUBELET = 10250
FOR_LOAD_BALANCERS = ("loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts")
NOT_EXTERNAL_NAME = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"


def check(body: Body) -> Iterator[Fault]:
    """The fields of a Service against its type."""
    spec = map_at(body, "spec")
    kind = text_at(spec, "type") or "ClusterIP"
    headless = spec.get("clusterIP") == "None" or list_at(spec, "clusterIPs") == ["None"]
    yield from _ports(spec, kind, headless=headless)
    if headless and kind in ("NodePort", "LoadBalancer"):
        field = "clusterIP" if "clusterIP" in spec else "clusterIPs"
        yield Fault(("spec", field), RULE.id, f"a {kind} Service needs an address of its own", "take `clusterIP` away")
    for field in FOR_LOAD_BALANCERS if kind != "LoadBalancer" else ():
        if spec.get(field) not in (None, []):
            message = f"{code(field)} is for Services of type LoadBalancer"
            yield Fault(("spec", field), RULE.id, message, "take it away, or change `type`")
    for field in NOT_EXTERNAL_NAME if kind == "ExternalName" else ():
        if spec.get(field) not in (None, "", []):
            message = f"an ExternalName Service has no {code(field)}"
            yield Fault(("spec", field), RULE.id, message, "take it away, or change `type`")
    if spec.get("sessionAffinityConfig") is not None and spec.get("sessionAffinity") in (None, "None"):
        message = "`sessionAffinityConfig` needs `sessionAffinity: ClientIP`"
        yield Fault(("spec", "sessionAffinityConfig"), RULE.id, message, "add it, or take this away")
    if number_at(spec, "healthCheckNodePort") and (
        kind != "LoadBalancer" or spec.get("externalTrafficPolicy") != "Local"
    ):
        message = "`healthCheckNodePort` needs type LoadBalancer and `externalTrafficPolicy: Local`"
        yield Fault(("spec", "healthCheckNodePort"), RULE.id, message, "take it away")
    notes = map_at(body, "metadata", "annotations")
    if HINTS in notes and notes.get(MODE, notes[HINTS]) != notes[HINTS]:
        where = ("metadata", "annotations", MODE)
        yield Fault(where, RULE.id, f"{code(HINTS)} says otherwise", "take the older annotation away")


def _ports(spec: Body, kind: str, *, headless: bool) -> Iterator[Fault]:
    ports = list(maps_at(spec, "ports"))
    if not list_at(spec, "ports") and kind != "ExternalName" and not headless:
        yield Fault(("spec",), RULE.id, "a Service needs a port", "add `ports`, or make it headless: `clusterIP: None`")
    for where, port in ports:
        path = ("spec", *where)
        if len(ports) > 1 and not port.get("name"):
            yield Fault(path, RULE.id, "of several ports each needs a name", "add `name`")
        if kind == "ClusterIP" and number_at(port, "nodePort"):
            message = "a ClusterIP Service has no port on nodes"
            yield Fault((*path, "nodePort"), RULE.id, message, "take it away, or say `type: NodePort`")
        if kind == "LoadBalancer" and port.get("port") == KUBELET:
            message = f"port {KUBELET} is the kubelet's, and a load balancer would open it"
            yield Fault((*path, "port"), RULE.id, message, "choose another port")
