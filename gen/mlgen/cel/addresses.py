"""Kubernetes' CEL functions about IP addresses, ranges of them, and URLs.

Source: apiserver/pkg/cel/library/ip.go, cidr.go and urls.go; https://kubernetes.io/docs/reference/using-api/cel/.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from mlgen.cel.function import Form, Function, member, stated

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# RFC 3986, appendix B; url.ParseRequestURI knows no fragment.
URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?]*))?([^?]*)(?:\?(.*))?", re.DOTALL)
ESCAPE = re.compile("((?:%[0-9A-Fa-f]{2})+)")
LEFT_ALONE = re.compile(r"[^A-Za-z0-9_.~/!$&'()*+,;=:@%-]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _ip(text: str) -> Address:
    """As netip.ParseAddr, without zones and without IPv4 written as IPv6, which the library refuses."""
    found = ip_address(text)
    if "%" in text or (isinstance(found, IPv6Address) and found.ipv4_mapped is not None):
        raise ValueError("an address with a zone, or IPv4 mapped to IPv6, is not allowed")
    return found


def _read(value: bytes) -> Address:
    return _ip(bytes(value).decode())


def _cidr(text: str) -> tuple[Address, Network]:
    address, slash, bits = text.partition("/")
    if not slash or not re.fullmatch("0|[1-9][0-9]{0,2}", bits):
        raise ValueError(f"{text!r} is no range of addresses")
    return _ip(address), ip_network(text, strict=False)


def _range(value: bytes | str) -> tuple[Address, Network]:
    return _cidr(value if isinstance(value, str) else bytes(value).decode())


def _sort_of(address: Address, sort: str) -> bool:
    if sort == "isLinkLocalMulticast":
        ranges = ("224.0.0.0/24", "ff02::/16")
        return any(_holds(ip_network(one), address) for one in ranges)
    if sort == "isGlobalUnicast":
        broadcast = address == IPv4Address("255.255.255.255")
        others = (address.is_unspecified, address.is_loopback, address.is_multicast, address.is_link_local, broadcast)
        return not any(others)
    names = {"isUnspecified": "is_unspecified", "isLoopback": "is_loopback", "isLinkLocalUnicast": "is_link_local"}
    return bool(getattr(address, names[sort]))


def _holds(network: Network, address: Address) -> bool:
    return network.version == address.version and address in network


def _contains_ip(one: bytes, other: bytes | str) -> bool:
    return _holds(_range(one)[1], _ip(other if isinstance(other, str) else bytes(other).decode()))


def _contains_cidr(one: bytes, other: bytes | str) -> bool:
    outer, inner = _range(one)[1], _range(other)[1]
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _packed_cidr(text: str) -> bytes:
    address, network = _cidr(text)
    return f"{address}/{network.prefixlen}".encode()


def _ok(parse: object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


class Url(NamedTuple):
    """The parts of a URL, as they are written."""

    scheme: str
    authority: str
    path: str
    query: str


def parsed(text: str) -> Url:
    """As url.ParseRequestURI: absolute, or a path from the root. Raises ValueError for what it does not take."""
    found = URL.fullmatch(text)
    if found is None or CONTROL.search(text) or not (text.startswith("/") or found[1]):
        raise ValueError(f"{text!r} is no URL")
    url = Url(*(part or "" for part in found.groups()))
    host = url.authority.rpartition("@")[2]
    rest = host.rpartition("]")[2] if host.startswith("[") else host.partition(":")[1] + host.partition(":")[2]
    if rest and not re.fullmatch(":[0-9]*", rest):
        raise ValueError(f"{text!r} has a wrong port")
    if re.search(r"[ <>\"\\^`{|}]", host) or host.count("[") != host.count("]"):
        raise ValueError(f"{text!r} has a wrong host")
    if re.search(r"%(?![0-9A-Fa-f]{2})", url.path):
        raise ValueError(f"{text!r} has a wrong escape")
    return url


def _host(value: bytes) -> str:
    return parsed(bytes(value).decode()).authority.rpartition("@")[2]


def _hostname(value: bytes) -> str:
    host = _host(value)
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _port(value: bytes) -> str:
    return re.sub(r"^(\[[^\]]*\]|[^:]*):?", "", _host(value))


def _query(value: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in parsed(bytes(value).decode()).query.split("&"):
        name, _, one = pair.partition("=")
        if pair:
            found.setdefault(_unescaped(name), []).append(_unescaped(one))
    return found


def _unescaped(text: str) -> str:
    return ESCAPE.sub(
        lambda run: bytes.fromhex(run[1].replace("%", "")).decode(errors="replace"), text.replace("+", " ")
    )


def _escaped(value: bytes) -> str:
    path = parsed(bytes(value).decode()).path
    return LEFT_ALONE.sub(lambda one: "".join(f"%{byte:02X}" for byte in one[0].encode()), path)


def _either(name: str, does: object) -> Function:
    """A member of a range that takes a value or its text."""
    forms = (Form(("bytes", kind), "bool", does) for kind in ("bytes", "string"))  # type: ignore[arg-type]
    return Function(name, tuple(forms))


def _is(sort: str) -> Function:
    return member(sort, ("bytes",), "bool", lambda value: _sort_of(_read(value), sort))


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "ip",
        (
            Form(("string",), "bytes", lambda text: str(_ip(text)).encode(), member=False),
            Form(("bytes",), "bytes", lambda value: str(_range(value)[0]).encode()),
        ),
    ),
    stated("isIP", ("string",), "bool", lambda text: _ok(_ip, text)),
    stated("ip.isCanonical", ("string",), "bool", lambda text: str(_ip(text)) == text),
    member("family", ("bytes",), "int", lambda value: _read(value).version),
    *map(_is, ("isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast")),
    stated("cidr", ("string",), "bytes", _packed_cidr),
    stated("isCIDR", ("string",), "bool", lambda text: _ok(_cidr, text)),
    _either("containsIP", _contains_ip),
    _either("containsCIDR", _contains_cidr),
    member("masked", ("bytes",), "bytes", lambda value: str(_range(value)[1]).encode()),
    member("prefixLength", ("bytes",), "int", lambda value: _range(value)[1].prefixlen),
    stated("url", ("string",), "bytes", lambda text: parsed(text) and text.encode()),
    stated("isURL", ("string",), "bool", lambda text: _ok(parsed, text)),
    member("getScheme", ("bytes",), "string", lambda value: parsed(bytes(value).decode()).scheme),
    member("getHost", ("bytes",), "string", _host),
    member("getHostname", ("bytes",), "string", _hostname),
    member("getPort", ("bytes",), "string", _port),
    member("getEscapedPath", ("bytes",), "string", _escaped),
    member("getQuery", ("bytes",), "map", _query),
)
