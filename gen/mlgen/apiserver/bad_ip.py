"""Texts that should be IP addresses and are none, or none that can be used there."""

from collections.abc import Iterator

from mlgen.address import address, special
from mlgen.body import Body, list_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import Pod, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="bad-ip",
    title="A text that should be an IP address",
    why="The API server refuses the object. Names are not resolved there, and Services cannot lead to the node itself.",
    bad="hostAliases: [{ip: registry.local, hostnames: [registry]}]",
    good="hostAliases: [{ip: 10.1.2.3, hostnames: [registry]}]",
    source="kubernetes/pkg/apis/core/validation: ValidateHostAliases, validatePodDNSConfig, ValidateService, "
    "ValidateNonSpecialIP; netutils.ParseIPSloppy",
)
HINT = "write an IPv4 or IPv6 address, such as `10.1.2.3`"
NO_ADDRESS = ("", "None")
SUBSETS = ("addresses", "notReadyAddresses")


def check(body: Body) -> Iterator[Fault]:
    """The addresses of a Service, of Endpoints and of an EndpointSlice."""
    kind = named(body)
    if kind == "v1 Service":
        yield from _service(body)
    elif kind == "v1 Endpoints":
        for where, subset in maps_at(body, "subsets"):
            for sort in SUBSETS:
                for inner, one in maps_at(subset, sort):
                    yield from _wrong((*where, *inner, "ip"), one.get("ip"), outside=True)
    elif body.get("addressType") in ("IPv4", "IPv6"):
        for where, endpoint in maps_at(body, "endpoints"):
            for index, text in enumerate(list_at(endpoint, "addresses")):
                yield from _wrong((*where, "addresses", index), text, outside=True)


def check_pod(pod: Pod) -> Iterator[Fault]:
    """The addresses of a pod's host aliases and name servers."""
    if "hostAliases" in pod.spec:
        for where, alias in maps_at(pod.spec, "hostAliases"):
            if "ip" in alias:
                yield from _wrong((*pod.path, *where, "ip"), alias["ip"])
    if "dnsConfig" in pod.spec:
        for index, text in enumerate(list_at(pod.spec, "dnsConfig", "nameservers")):
            yield from _wrong((*pod.path, "dnsConfig", "nameservers", index), text)


def _service(body: Body) -> Iterator[Fault]:
    if (one := text_at(body, "spec", "clusterIP")) not in NO_ADDRESS:
        yield from _wrong(("spec", "clusterIP"), one)
    for index, text in enumerate(list_at(body, "spec", "clusterIPs")):
        if isinstance(text, str) and text not in NO_ADDRESS:
            yield from _wrong(("spec", "clusterIPs", index), text)
    for index, text in enumerate(list_at(body, "spec", "externalIPs")):
        yield from _wrong(("spec", "externalIPs", index), text, outside=True)


def _wrong(path: Path, text: Json, *, outside: bool = False) -> Iterator[Fault]:
    """``outside`` is where clients are sent, so not to what only means something on one host."""
    if not isinstance(text, str):
        return
    found = address(text)
    if found is None:
        yield Fault(path, RULE.id, f"{code(text)} is no IP address", HINT)
    elif outside:
        yield from (
            Fault(path, RULE.id, f"{code(text)} {why}", "write the address of a host") for why in special(found)
        )
