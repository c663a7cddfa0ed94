"""Destinations in, rules of a NetworkPolicy out."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen import document
from mlgen.beside.egress import problems, rules
from mlgen.node import Node
from mlgen.trace import split


def entries(text: str) -> list[Node]:
    return document.parse(f"egress: {text}\n".encode(), file="mlgen.yaml").documents[0]["egress"].items


def plain(text: str) -> Any:
    return split(rules(entries(text)), ())[0]


MLOPS = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "mlops"}}}


def block(cidr: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr}}


def rule(peer: dict[str, Any], *ports: int) -> dict[str, Any]:
    return {"to": [peer], **({"ports": [{"protocol": "TCP", "port": port} for port in ports]} if ports else {})}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10.0.0.0/16:5432", rule(block("10.0.0.0/16"), 5432)),
        ("10.0.0.0/16", rule(block("10.0.0.0/16"))),
        ("10.0.0.7:443", rule(block("10.0.0.7/32"), 443)),
        ('"[fd00:10::/64]:443"', rule(block("fd00:10::/64"), 443)),
        ('"[fd00::7]"', rule(block("fd00::7/128"))),
        ("{namespace: mlops, port: 5000}", rule(MLOPS, 5000)),
        ("{namespace: mlops}", rule(MLOPS)),
    ],
)
def test_a_destination_is_a_rule(text: str, wanted: Any) -> None:
    assert plain(f"[{text}]") == [wanted]


def allowed(address: str) -> bool:
    """Whether `egress: [internet]` lets a connection to ``address`` through."""
    [found] = plain("[internet]")
    assert "ports" not in found
    return any(
        ip_address(address) in ip_network(block["cidr"])
        and not any(ip_address(address) in ip_network(part) for part in block["except"])
        for block in (peer["ipBlock"] for peer in found["to"])
        if ip_network(block["cidr"]).version == ip_address(address).version
    )


@pytest.mark.parametrize("address", ["151.101.0.223", "8.8.8.8", "2a04:4e42::223", "172.32.0.1", "192.169.0.1"])
def test_the_internet_is_what_is_public(address: str) -> None:
    assert allowed(address)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "fe80::1"],
)
def test_the_cluster_and_its_neighbours_are_not_the_internet(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize("address", ["169.254.169.254", "168.63.129.16"])
def test_nobody_gets_the_credentials_of_the_node_by_asking_for_the_internet(address: str) -> None:
    """The metadata service, and Azure's WireServer."""
    assert not allowed(address)


def test_every_exception_lies_in_its_network() -> None:
    """The API server refuses others."""
    [found] = plain("[internet]")
    for block in (peer["ipBlock"] for peer in found["to"]):
        for part in block["except"]:
            assert ip_network(part).subnet_of(ip_network(block["cidr"]))  # type: ignore[arg-type]


@given(st.ip_addresses(), st.integers(0, 128), st.none() | st.integers(1, 65535))
def test_whatever_is_a_network_is_let_through(address: Any, length: int, port: int | None) -> None:
    network = ip_network(f"{address}/{min(length, address.max_prefixlen)}", strict=False)
    written = f"[{network}]" if network.version == 6 else str(network)
    [found] = plain(f'["{written}{"" if port is None else f":{port}"}"]')
    assert ip_network(found["to"][0]["ipBlock"]["cidr"]) == network
    assert [entry["port"] for entry in found.get("ports", [])] == ([] if port is None else [port])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("10.0.3.7/16:5432", "did you mean `10.0.0.0/16`?"),
        ('"[fd00::1/64]:1"', "did you mean `fd00::/64`?"),
        ("10.0.0.300", "an address is four numbers up to 255"),
        ("10.0.0.0/33", "an address is four numbers up to 255"),
        ("010.0.0.1", "an address is four numbers up to 255"),
        ('"[fd00::1::2]"', "an address is groups of four digits"),
        ("10.0.0.1:0", "ports end at 65535"),
        ("10.0.0.1:65536", "ports end at 65535"),
    ],
)
def test_what_is_none_is_told_with_its_place(text: str, hint: str) -> None:
    [problem] = problems(entries(f"[internet, {text}, 10.0.0.1]"))
    assert problem.rule == "bad-address"
    assert problem.help.startswith(hint)
    assert (problem.span.file, problem.span.line) == ("mlgen.yaml", 1)
    assert problem.span.column > len("egress: [internet")
