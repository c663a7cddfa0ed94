"""A range of ports in a NetworkPolicy that is none."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="policy-port",
    title="A range of ports in a NetworkPolicy that has no beginning, or ends before it",
    why="The API server refuses it: a range begins at a number, `port`, and ends at `endPort`.",
    bad="ports: [{port: 9000, endPort: 8000}]",
    good="ports: [{port: 8000, endPort: 9000}]",
    source="kubernetes/pkg/apis/networking/validation: ValidateNetworkPolicyPort",
)


def check(body: Body) -> Iterator[Fault]:
    """The ports of both directions."""
    for direction in ("ingress", "egress"):
        for where, rule in maps_at(body, "spec", direction):
            for inner, port in maps_at(rule, "ports"):
                first, last = port.get("port"), port.get("endPort")
                if last is None or isinstance(last, bool) or not isinstance(last, int):
                    continue
                if not isinstance(first, int):
                    message = "a range of ports begins at a number" if first is not None else "`endPort` needs `port`"
                    yield Fault((*where, *inner, "endPort"), RULE.id, message, "write the first port as a number")
                elif last < first:
                    message = f"the range ends at {code(last)}, before it begins at {code(first)}"
                    yield Fault((*where, *inner, "endPort"), RULE.id, message, "swap the two, or raise `endPort`")
