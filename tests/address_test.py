"""Addresses and networks are read as leniently as Kubernetes reads them, and not more so."""

import pytest

from mlgen.address import address, network, special, within


@pytest.mark.parametrize("text", ["10.0.0.1", "010.000.000.001", "::", "fd00::1", "::ffff:10.0.0.1", "2001:db8::0001"])
def test_an_address_is_read(text: str) -> None:
    assert address(text) is not None


@pytest.mark.parametrize(
    "text", ["", "10.0.0", "10.0.0.256", "10.0.0.1/32", " 10.0.0.1", "fe80::1%eth0", "a.b.c.d", "1" * 99, None, 1, []]
)
def test_what_is_no_address_is_not_read(text: object) -> None:
    assert address(text) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("::/0", "::/0"),
        ("10.0.0.0/36", None),
        ("10.0.0.0", None),
        ("10.0.0.0/255.0.0.0", None),
        ("10.0.0.0/-1", None),
        ("/8", None),
    ],
)
def test_a_network_is_an_address_and_a_length(text: str, read: str | None) -> None:
    found = network(text)
    assert (None if found is None else str(found)) == read


@pytest.mark.parametrize(
    ("inner", "outer", "is_within"),
    [
        ("10.1.0.0/16", "10.0.0.0/8", True),
        ("10.0.0.0/8", "10.0.0.0/8", False),
        ("0.0.0.0/0", "10.0.0.0/8", False),
        ("fd00::/16", "10.0.0.0/8", False),
    ],
)
def test_a_part_is_smaller_and_inside(inner: str, outer: str, is_within: bool) -> None:
    small, large = network(inner), network(outer)
    assert small is not None
    assert large is not None
    assert within(small, large) is is_within


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("0.0.0.0", 1),
        ("127.0.0.1", 1),
        ("169.254.0.1", 1),
        ("224.0.0.5", 1),
        ("239.0.0.1", 0),
        ("ff02::1", 1),
        ("10.0.0.1", 0),
    ],
)
def test_what_means_something_on_one_host_only_is_special(text: str, reasons: int) -> None:
    found = address(text)
    assert found is not None
    assert len(list(special(found))) == reasons
