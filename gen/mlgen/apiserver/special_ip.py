"""Addresses that clients are sent to and that mean something on one host only."""

from collections.abc import Iterator

from mlgen.address import address, special
from mlgen.body import Body, list_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="special-ip",
    title="An address that clients are sent to, and that means something on one host only",
    why="The API server refuses it: a loopback or link-local address would lead each client to itself or its own link, "
    "and to what the node keeps there, such as the cloud's metadata.",
    bad="externalIPs: [127.0.0.1]",
    good="externalIPs: [203.0.113.7]",
    source="kubernetes/pkg/apis/core/validation: ValidateNonSpecialIP",
)
SUBSETS = ("addresses", "notReadyAddresses")


def check(body: Body) -> Iterator[Fault]:
    """The addresses of a Service, of Endpoints and of an EndpointSlice."""
    kind = named(body)
    if kind == "v1 Service":
        for index, text in enumerate(list_at(body, "spec", "externalIPs")):
            yield from _wrong(("spec", "externalIPs", index), text)
    elif kind == "v1 Endpoints":
        for where, subset in maps_at(body, "subsets"):
            for sort in SUBSETS:
                for inner, one in maps_at(subset, sort):
                    yield from _wrong((*where, *inner, "ip"), one.get("ip"))
    elif body.get("addressType") in ("IPv4", "IPv6"):
        for where, endpoint in maps_at(body, "endpoints"):
            for index, text in enumerate(list_at(endpoint, "addresses")):
                yield from _wrong((*where, "addresses", index), text)


def _wrong(path: Path, text: Json) -> Iterator[Fault]:
    found = address(text)
    if found is not None:
        for why in special(found):
            yield Fault(path, RULE.id, f"{code(text)} {why}", "write the address of a host that clients can reach")
