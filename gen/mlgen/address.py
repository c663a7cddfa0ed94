"""Text -> the IP address or the network that it means, read as leniently as Kubernetes reads it."""

import ipaddress
import re
from collections.abc import Iterator

from mlgen.node import Json

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ZEROS = re.compile(r"(?<![0-9a-fA-F:.])0+(?=[0-9]+\.)|(?<=\.)0+(?=[0-9])")
LONGEST = 60
# What no Service, Endpoints or EndpointSlice may lead to.
SPECIAL = (
    ("is_unspecified", "stands for no host"),
    ("is_loopback", "is a loopback address"),
    ("is_link_local", "is link-local"),
)
LOCAL_MULTICAST = (ipaddress.ip_network("224.0.0.0/24"), ipaddress.ip_network("ff02::/16"))


def address(text: Json) -> Address | None:
    """The address that ``text`` is, or None. Leading zeros are decimal, and a zone is none of it.

    Source: netutils.ParseIPSloppy.
    """
    if not isinstance(text, str) or "%" in text or len(text) > LONGEST:
        return None
    try:
        return ipaddress.ip_address(ZEROS.sub("", text))
    except ValueError:
        return None


def network(text: Json) -> Network | None:
    """The network that ``text`` means, or None; bits behind the prefix may be set.

    Source: netutils.ParseCIDRSloppy.
    """
    if not isinstance(text, str):
        return None
    head, slash, prefix = text.partition("/")
    if not slash or not (prefix.isascii() and prefix.isdigit()) or address(head) is None:
        return None
    try:
        return ipaddress.ip_network(f"{address(head)}/{int(prefix)}", strict=False)
    except ValueError:
        return None


def within(inner: Network, outer: Network) -> bool:
    """Whether ``inner`` is a part of ``outer``, and not all of it."""
    if inner.version != outer.version or inner.prefixlen <= outer.prefixlen:
        return False
    return inner.network_address in outer


def special(found: Address) -> Iterator[str]:
    """Why an address leads nowhere that a client may be sent to.

    Source: kubernetes/pkg/apis/core/validation: ValidateNonSpecialIP.
    """
    yield from (why for test, why in SPECIAL if getattr(found, test))
    if any(found in multicast for multicast in LOCAL_MULTICAST if multicast.version == found.version):
        yield "is link-local"
