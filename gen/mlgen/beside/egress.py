"""Destinations as people write them -> the egress rules of a NetworkPolicy.

Of addresses the API server takes only a network's first one, and a NetworkPolicy knows no host names
(networking.k8s.io/v1, IPBlock).
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.trace import Draft, made, said

RULE_ID = "bad-address"
INTERNET = "internet"
# Not the internet: private networks (RFC 1918, RFC 6598, RFC 4193), where the cluster and its neighbours are, and the
# addresses at which clouds hand credentials to whoever asks (169.254.169.254; Azure's WireServer).
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32")
PRIVATE_V6 = ("fc00::/7", "fe80::/10")
LAST_PORT = 65535


def rules(entries: Iterable[Node]) -> list[Draft]:
    """One rule for each destination. Raises MlgenError for one that cannot be read."""
    return [_rule(entry) for entry in entries]


def problems(entries: Iterable[Node]) -> Iterator[Problem]:
    """What is wrong with each destination: it has the form of one, and is none."""
    for entry in entries:
        try:
            _rule(entry)
        except MlgenError as error:
            yield from error.problems


def namespace_peer(name: Draft) -> Draft:
    """All pods of a namespace, which Kubernetes labels with its name."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def address_peer(entry: Node, written: str) -> Draft:
    """The network ``written`` in ``entry``. Raises MlgenError if it is none."""
    return {"ipBlock": {"cidr": made(str(_network(entry, written)), entry)}}


def _rule(entry: Node) -> Draft:
    if entry.entries:
        port = entry.get("port")
        return made({"to": [namespace_peer(entry["namespace"])], "ports": _ports(port)}, entry["namespace"])
    if entry.value == INTERNET:
        blocks: list[Draft] = [
            {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(PRIVATE)}},
            {"ipBlock": {"cidr": "::/0", "except": list(PRIVATE_V6)}},
        ]
        return made({"to": blocks}, entry)
    address, port_text = _parted(said(entry))
    if port_text and not 0 < int(port_text) <= LAST_PORT:
        raise _unreadable(entry, f"there is no port {port_text}", f"ports end at {LAST_PORT}")
    ports = _ports(made(int(port_text), entry) if port_text else None)
    return made({"to": [address_peer(entry, address)], "ports": ports}, entry)


def _parted(written: str) -> tuple[str, str]:
    """Address and port; an address of version 6 stands in brackets."""
    if written.startswith("["):
        address, _, port = written[1:].partition("]")
        return address, port.removeprefix(":")
    address, _, port = written.partition(":")
    return address, port


def _ports(port: Draft) -> Draft:
    return None if port is None else [{"protocol": "TCP", "port": port}]


def _network(entry: Node, written: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(written)
    except ValueError:
        pass
    try:
        first = ip_network(written, strict=False)
    except ValueError:
        form = "groups of four digits, perhaps with the network's length up to 128, such as `fd00:10::/64`"
        if ":" not in written:
            form = "four numbers up to 255, perhaps with the network's length up to 32, such as `10.0.0.0/16`"
        hint = f"an address is {form}"
        raise _unreadable(entry, f"`{written}` is no address", hint) from None
    raise _unreadable(entry, f"`{written}` is an address inside a network, not a network", f"did you mean `{first}`?")


def _unreadable(entry: Node, message: str, hint: str) -> MlgenError:
    return MlgenError(Problem(RULE_ID, entry.span, message, hint))
