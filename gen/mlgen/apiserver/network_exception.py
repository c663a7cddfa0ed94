"""Exceptions of a network that are not within it."""

from collections.abc import Iterator

from mlgen.address import network, within
from mlgen.body import Body, list_at, map_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="network-exception",
    title="An exception of a network that is not within it",
    why="The API server refuses the NetworkPolicy: the exception would except nothing, or all.",
    bad="ipBlock: {cidr: 10.0.0.0/8, except: [192.168.0.0/16]}",
    good="ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}",
    source="kubernetes/pkg/apis/networking/validation: ValidateIPBlock",
)


def check(body: Body) -> Iterator[Fault]:
    """The networks of both directions."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for where, rule in maps_at(body, "spec", direction):
            for inner, peer in maps_at(rule, peers):
                if "ipBlock" in peer:
                    yield from _block((*where, *inner, "ipBlock"), map_at(peer, "ipBlock"))


def _block(path: Path, block: Body) -> Iterator[Fault]:
    outer = network(block.get("cidr"))
    for index, text in enumerate(list_at(block, "except")):
        inner = network(text)
        if inner is not None and outer is not None and not within(inner, outer):
            message = f"{code(text)} is no part of {code(block['cidr'])}"
            hint = "write a smaller network within it, or take the exception away"
            yield Fault((*path, "except", index), RULE.id, message, hint)
