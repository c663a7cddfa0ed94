"""A range of ports in a NetworkPolicy that ends before it begins."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, number_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="port-range",
    title="A range of ports in a NetworkPolicy that ends before it begins",
    why="The API server refuses it: a range goes from `port` to `endPort`.",
    bad="ports: [{port: 9000, endPort: 8000}]",
    good="ports: [{port: 8000, endPort: 9000}]",
    source="kubernetes/pkg/apis/networking/validation: ValidateNetworkPolicyPort",
)


def check(body: Body) -> Iterator[Fault]:
    """The ports of both directions."""
    for direction in ("ingress", "egress"):
        for where, rule in maps_at(body, "spec", direction):
            for inner, port in maps_at(rule, "ports"):
                first, last = number_at(port, "port"), number_at(port, "endPort")
                if first is not None and last is not None and last < first:
                    message = f"the range ends at {code(last)}, before it begins at {code(first)}"
                    yield Fault((*where, *inner, "endPort"), RULE.id, message, "swap the two, or raise `endPort`")
