"""A bare word means what every reader takes it for, or is refused with a spelling that all of them agree on."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nasty import NUMBERS, STRINGS, WORDS, cases

from mlgen.document import kubectl
from mlgen.document.scalar import Unread, spec, spec_key
from mlgen.patch import same

# Mostly what looks like numbers, times and the words of YAML.
BARE = st.text(
    st.sampled_from("0123456789+-._eExXoObB:aAfFTtZz nNyY~lLuUrRsSiI"), min_size=1, max_size=9
) | st.sampled_from([form for word in (*WORDS, *NUMBERS) for form in sorted(cases(word))])

# YAML 1.2.2, section 10.3.2: the core schema, in its own words.
CORE = (
    (r"null|Null|NULL|~|", lambda _: None),
    (r"true|True|TRUE", lambda _: True),
    (r"false|False|FALSE", lambda _: False),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda text: int(text[2:], 8)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text[2:], 16)),
    (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN", lambda text: float(text.replace(".", ""))),
)


def core(text: str) -> Any:
    """What a reader of YAML 1.2 makes of a plain scalar."""
    return next((build(text) for pattern, build in CORE if re.fullmatch(pattern, text)), text)


def old(text: str) -> Any:
    """What PyYAML, a reader of YAML 1.1, makes of a plain scalar."""
    loader: Any = yaml.SafeLoader("")
    return loader.construct_object(yaml.ScalarNode(loader.resolve(yaml.ScalarNode, text, (True, False)), text))


def refusal(text: str) -> Unread:
    found = spec(text)
    assert isinstance(found, Unread), f"{text} is read as {found!r}"
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-0", 0),
        ("20", 20),
        ("-7", -7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1.0", 1.0),
        ("-0.5", -0.5),
        ("2.19", 2.19),
        ("8Gi", "8Gi"),
        ("70%", "70%"),
        ("1h", "1h"),
        ("100m", "100m"),
        ("demo:1.0", "demo:1.0"),
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/16:5432", "10.0.0.0/16:5432"),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
        (".", "."),
        ("+", "+"),
        ("yesterday", "yesterday"),
        ("nobody", "nobody"),
        ("tRUE", "tRUE"),
        ("--flag", "--flag"),
        ("2024-01-01-notes", "2024-01-01-notes"),
        ("=x", "=x"),
    ],
)
def test_what_every_reader_agrees_on_is_read(text: str, value: object) -> None:
    found = spec(text)
    assert type(found) is type(value)
    assert found == value


@pytest.mark.parametrize(
    ("text", "why", "instead"),
    [
        ("yes", "truth value", "true"),
        ("On", "truth value", "true"),
        ("OFF", "truth value", "false"),
        ("y", "truth value", "true"),
        ("N", "truth value", "false"),
        ("012", "leading zero", "12"),
        ("-08", "leading zero", "-8"),
        ("00.5", "leading zero", "0.5"),
        ("0o17", "octal", "15"),
        ("0x1F", "hexadecimal", "31"),
        ("0b101", "binary", "5"),
        ("1_000", "underscore", "1000"),
        ("1:30", "base of 60", None),
        ("190:20:30.5", "base of 60", None),
        ("2024-01-01", "date", None),
        ("2024-1-1 10:00:00 +1", "date", None),
        ("1e3", "exponent", "1000"),
        ("1e-4", "exponent", "0.0001"),
        ("1234e56", "exponent", None),
        ("1.5E+2", "exponent", "150"),
        (".5", "begins with a dot", "0.5"),
        ("-.5", "begins with a dot", "-0.5"),
        ("5.", "ends with a dot", "5.0"),
        ("+5", "plus sign", "5"),
        (".inf", "finite", None),
        ("-.INF", "finite", None),
        (".NaN", "finite", None),
        ("=", "meaning of its own", None),
        ("<<", "meaning of its own", None),
    ],
)
def test_what_readers_part_over_is_refused_with_a_way_out(text: str, why: str, instead: str | None) -> None:
    found = refusal(text)
    assert found.rule == "ambiguous-scalar"
    assert f"`{text}`" in found.message
    assert why in found.message
    offered = f", or write {instead} if that is meant" if instead else ""
    assert found.help == f'for text, quote it: "{text}"{offered}'


@pytest.mark.parametrize("text", ["9223372036854775808", "-9223372036854775809", "1" * 5000, "1" * 400 + ".0"])
def test_a_number_beyond_64_bits_is_refused(text: str) -> None:
    found = refusal(text)
    assert found.rule == "number-range"
    assert len(found.message + found.help) < 200, "the message must not become the value"


def stands_bare(text: str) -> bool:
    """Whether ``text`` can be an item of a list without quotes."""
    try:
        event = [*yaml.parse(f"- {text}\n", Loader=yaml.CSafeLoader)][3]
    except yaml.YAMLError:
        return False
    return isinstance(event, yaml.ScalarEvent) and not event.style and event.value == text and event.tag is None


def agrees(text: str) -> None:
    found = spec(text)
    if isinstance(found, Unread) or not stands_bare(text):
        return
    assert same(found, core(text)), "a reader of YAML 1.2 differs"
    assert same(found, old(text)), "a reader of YAML 1.1 differs"
    assert kubectl.plain(text) == found, "kubectl differs"


def test_every_nasty_string_is_read_alike_or_refused() -> None:
    for text in STRINGS:
        agrees(text)


@given(BARE)
@settings(max_examples=500)
def test_what_is_read_is_read_alike(text: str) -> None:
    agrees(text)


@pytest.mark.proof
@given(BARE)
@settings(max_examples=100_000)
def test_what_is_read_is_read_alike_at_length(text: str) -> None:
    agrees(text)


@given(BARE)
def test_what_is_offered_instead_is_accepted(text: str) -> None:
    found = spec(text)
    if isinstance(found, Unread) and (offer := re.search(r"or write (\S+)", found.help)):
        assert not isinstance(spec(offer[1]), str | Unread)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("on", "ambiguous-scalar: `on` is a truth value to some YAML readers and text to others"),
        ("1", "key-not-text: the key `1` is a number, not text"),
        ("true", "key-not-text: the key `true` is a truth value, not text"),
        ("~", "key-not-text: the key `~` is empty, not text"),
        ("", "key-not-text: there is no key before this colon"),
        ("name", "name"),
    ],
)
def test_keys_are_text(text: str, key: str) -> None:
    found = spec_key(spec(text), text)
    assert (f"{found.rule}: {found.message}" if isinstance(found, Unread) else found) == key


@pytest.mark.parametrize(
    ("text", "value", "key"),
    [
        ("yes", True, "true"),
        ("N", False, "false"),
        ("017", 15, "15"),
        ("0o17", 15, "15"),
        ("08", 8, "8"),
        ("1_000", 1000, "1000"),
        ("1:30", "1:30", "1:30"),
        ("2024-01-01", "2024-01-01", "2024-01-01"),
        ("1e3", 1000, "1000"),
        ("1e6", 1000000, "1e+06"),
        ("0e12345", 0, "0"),
        ("1.0", 1, "1"),
        ("0.1", 0.1, "0.1"),
        ("0.00001", 1e-5, "1e-05"),
        (".5_0", 0.5, "0.5"),
        ("1e400", "1e400", "1e400"),
        ("1e300", 1e300, ".inf"),
        ("18446744073709551616", 2.0**64, "1.8446744e+19"),
        ("0xfffffffffffffffff", "0xfffffffffffffffff", "0xfffffffffffffffff"),
        ("-9223372036854775809", -(2.0**63), "-9.223372e+18"),
        ("-", "-", "-"),
    ],
)
def test_kubectl_makes_of_a_scalar_and_of_a_key(text: str, value: object, key: str) -> None:
    found = kubectl.plain(text)
    assert type(found) is type(value)
    assert found == value
    assert kubectl.key(found, text) == key


@pytest.mark.parametrize("text", ["~", "18446744073709551615"])
def test_a_key_that_kubectl_refuses(text: str) -> None:
    assert isinstance(kubectl.key(kubectl.plain(text), text), Unread)


def test_json_has_no_infinity_but_kubectl_takes_it_as_a_key() -> None:
    found = kubectl.plain("+.Inf")
    assert isinstance(found, Unread)
    assert found.rule == "number-range"
    assert kubectl.key(found, "+.Inf") == ".inf"


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("tag:yaml.org,2002:str", "12", "12"),
        ("tag:yaml.org,2002:int", "12", 12),
        ("tag:yaml.org,2002:float", "1", 1),
        ("tag:yaml.org,2002:bool", "yes", True),
        ("tag:yaml.org,2002:null", "", None),
        ("tag:yaml.org,2002:timestamp", "2001-01-01", "2001-01-01"),
        ("tag:yaml.org,2002:binary", "aGk=", "hi"),
        ("!", "12", "12"),
        ("!custom", "12", "12"),
    ],
)
def test_kubectl_heeds_the_tags_it_knows(tag: str, text: str, value: object) -> None:
    assert same(kubectl.tagged(text, tag), value)  # type: ignore[arg-type]


@pytest.mark.parametrize("tag", ["int", "float", "bool", "null", "timestamp", "binary"])
def test_kubectl_refuses_a_tag_that_its_text_belies(tag: str) -> None:
    found = kubectl.tagged("@b c", f"tag:yaml.org,2002:{tag}")
    assert isinstance(found, Unread)
    assert found.rule == "yaml-tag"
