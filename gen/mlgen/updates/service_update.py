"""What a Service cannot change: the addresses that clients know."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="service-update",
    title="A Service changes its address, its first IP family or its class of load balancer",
    why="The API server refuses the update: clients and cloud load balancers know the Service by them.",
    bad="clusterIP before: 10.0.0.10, after: 10.0.0.11",
    good="a Service of another name",
    source="kubernetes/pkg/apis/core/validation: ValidateServiceUpdate, validateUpgradeDowngradeClusterIPs, "
    "validateUpgradeDowngradeIPFamilies, validateLoadBalancerClassField",
)
HINT = "delete the Service and make it anew, or give the new one another name"
EXTERNAL, BALANCED = "ExternalName", "LoadBalancer"
CLASS, HEALTH = "loadBalancerClass", "healthCheckNodePort"


def check(before: Body, after: Body) -> Iterator[Fault]:
    """Addresses, families and class. A Service that says none keeps the one that it was given."""
    old, new = map_at(before, "spec"), map_at(after, "spec")
    if EXTERNAL in (old.get("type"), new.get("type")):
        return
    was, now = _addresses(old), _addresses(new)
    # What was given by the cluster is not in a manifest; only a headless Service has none.
    if now and was != now and (was or now == ["None"]):
        if was[:1] != now[:1]:
            yield Fault(_place(new, "clusterIP", "clusterIPs"), RULE.id, "a Service cannot change its address", HINT)
        elif len(now) < len(was) and new.get("ipFamilyPolicy") != "SingleStack":
            message = "a Service gives its second address back with `ipFamilyPolicy: SingleStack`"
            yield Fault(_place(new, "clusterIPs"), RULE.id, message, "add it, or keep the address")
    families = list_at(old, "ipFamilies")[:1], list_at(new, "ipFamilies")[:1]
    if all(families) and families[0] != families[1] and "None" not in (*was, *now):
        message = f"a Service cannot change its first IP family, {code(families[0][0])}"
        yield Fault(("spec", "ipFamilies", 0), RULE.id, message, HINT)
    if old.get("type") == new.get("type") == BALANCED:
        if old.get(CLASS) != new.get(CLASS):
            message = "a Service cannot change its class of load balancer"
            yield Fault(_place(new, CLASS), RULE.id, message, HINT)
        ports = number_at(old, HEALTH), number_at(new, HEALTH)
        if all(ports) and ports[0] != ports[1]:
            yield Fault(("spec", HEALTH), RULE.id, f"a Service cannot change its {code(HEALTH)}", HINT)


def _addresses(spec: Body) -> list[object]:
    several, one = list_at(spec, "clusterIPs"), text_at(spec, "clusterIP")
    return [*several] or ([one] if one else [])


def _place(spec: Body, *fields: str) -> tuple[str, ...]:
    return next((("spec", field) for field in fields if field in spec), ("spec",))
