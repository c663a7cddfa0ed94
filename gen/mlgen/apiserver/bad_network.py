"""Texts that should be networks and are none, or exceptions that are not within theirs."""

from collections.abc import Iterator

from mlgen.address import network, within
from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="bad-network",
    title="A text that should be a network in CIDR notation",
    why="The API server refuses the object. An exception has to be a part of the network that it is an exception "
    "of, or it would except nothing.",
    bad="ipBlock: {cidr: 10.0.0.0/8, except: [192.168.0.0/16]}",
    good="ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}",
    source="kubernetes/pkg/apis/networking/validation: ValidateIPBlock; core/validation: ValidateService",
)
HINT = "write an address and the length of its prefix, such as `10.0.0.0/8`; one address is `10.1.2.3/32`"
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def check(body: Body) -> Iterator[Fault]:
    """The networks of a NetworkPolicy, a Service or a ServiceCIDR."""
    kind = named(body)
    if kind == "networking.k8s.io/v1 NetworkPolicy":
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for where, rule in maps_at(body, "spec", direction):
                for inner, peer in maps_at(rule, peers):
                    if "ipBlock" in peer:
                        yield from _block((*where, *inner, "ipBlock"), map_at(peer, "ipBlock"))
    elif kind == "v1 Service":
        for index, text in enumerate(list_at(body, "spec", "loadBalancerSourceRanges")):
            yield from _wrong(("spec", "loadBalancerSourceRanges", index), text)
        for text in filter(str.strip, text_at(body, "metadata", "annotations", RANGES).split(",")):
            yield from _wrong(("metadata", "annotations", RANGES), text)
    else:
        for index, text in enumerate(list_at(body, "spec", "cidrs")):
            yield from _wrong(("spec", "cidrs", index), text)


def _block(path: Path, block: Body) -> Iterator[Fault]:
    yield from _wrong((*path, "cidr"), block.get("cidr"))
    outer = network(block.get("cidr"))
    for index, text in enumerate(list_at(block, "except")):
        where = (*path, "except", index)
        yield from _wrong(where, text)
        inner = network(text)
        if inner is not None and outer is not None and not within(inner, outer):
            message = f"{code(text)} is no part of {code(block['cidr'])}"
            yield Fault(where, RULE.id, message, "write a smaller network within it, or take the exception away")


def _wrong(path: Path, text: Json) -> Iterator[Fault]:
    if isinstance(text, str) and network(text.strip()) is None:
        yield Fault(path, RULE.id, f"{code(text)} is no network", HINT)
