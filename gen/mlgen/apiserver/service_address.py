"""The addresses of a Service and the families that they should be of."""

from collections.abc import Iterator

from mlgen.address import address
from mlgen.body import Body, list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="service-address",
    title="A Service's addresses and IP families do not fit together",
    why="The API server refuses it: a Service has one address of each family, and the first of `clusterIPs` is "
    "`clusterIP`.",
    bad="clusterIP: 10.0.0.5\nclusterIPs: [10.0.0.6]",
    good="clusterIP: 10.0.0.5\nclusterIPs: [10.0.0.5]",
    source="kubernetes/pkg/apis/core/validation: ValidateServiceClusterIPsRelatedFields",
)
FAMILIES = {4: "IPv4", 6: "IPv6"}


def check(body: Body) -> Iterator[Fault]:
    """Addresses, families and the policy."""
    spec = map_at(body, "spec")
    if spec.get("type") == "ExternalName":
        return
    one, several, families = text_at(spec, "clusterIP"), list_at(spec, "clusterIPs"), list_at(spec, "ipFamilies")
    where = ("spec", "clusterIPs")
    if several and one and several[0] != one:
        yield Fault((*where, 0), RULE.id, f"the first address is not `clusterIP`, {code(one)}", "make them equal")
    elif len(several) > 1 and several[0] == "None":
        yield Fault(where, RULE.id, "`None` stands alone", "take the others away")
    elif len(several) > 2 or len({found.version for found in map(address, several) if found}) < len(several) > 1:
        yield Fault(where, RULE.id, "a Service has one address of each family", "take some away")
    for index, family in enumerate(families):
        if family in families[:index]:
            yield Fault(
                ("spec", "ipFamilies", index), RULE.id, f"{code(family)} is in the list already", "take it away"
            )
    for index, (text, family) in enumerate(zip(several or [one], families, strict=False)):
        found = address(text)
        if found is not None and FAMILIES[found.version] != family:
            place = (*where, index) if several else ("spec", "clusterIP")
            yield Fault(place, RULE.id, f"{code(text)} is not of the family {code(family)}", "make the two agree")
