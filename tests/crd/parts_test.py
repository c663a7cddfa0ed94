"""The parts of an import: regular expressions, formats, shared definitions."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, RegexOptions
from tests.crd.crds import crd, imported, parse

from mlgen import cel
from mlgen import crd as crds
from mlgen.crd import sharing
from mlgen.crd.formats import FORMATS, known
from mlgen.crd.re2 import in_rust


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("^[a-z]+$", "a", "A"),
        ("^[a-z]+$", "a", "a\n"),
        ("^[[:alpha:]]+$", "aZ", "a1"),
        ("^[[:^alpha:]]+$", "12", "1a"),
        ("^[[:digit:]_]+$", "1_", "a"),
        (r"^\s$", "\t", "\u00a0"),
        (r"^[\s,]+$", " ,", "\u00a0"),
        (r"^\d$", "3", "\u0663"),
        (r"^\Qa.b\E$", "a.b", "axb"),
        ("^a{,2}$", "a{,2}", "a"),
        ("^a{1,2}$", "aa", "aaa"),
        ("^{x}$", "{x}", "x"),
        (r"^[\w-.]+$", "a-.", "a b"),
        ("^[a&&b]$", "&", "c"),
        ("^[]a]$", "]", "b"),
        ("^[^]a]$", "b", "]"),
        ("^[a[]$", "[", "b"),
        (r"^\pL$", "é", "1"),
        (r"^\x{e9}$", "é", "e"),
        ("(?i)^abc$", "ABC", "abd"),
        (r"^(?P<n>a)\z", "a", "b"),
        (r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$", "`~&", " "),
    ],
)
def test_go_and_rust_read_the_same(pattern: str, matching: str, other: str) -> None:
    validator = Draft202012Validator({"pattern": in_rust(pattern)}, pattern_options=RegexOptions())
    assert validator.is_valid(matching)
    assert not validator.is_valid(other)


GOOD: dict[str, tuple[str, ...]] = {
    "bsonobjectid": ("507f1f77bcf86cd799439011",),
    "uri": ("http://a.example.com/x?y", "/path"),
    "email": ("a@example.com", "A <a@example.com>"),
    "hostname": ("a.example.com", "a"),
    "ipv4": ("10.0.0.1",),
    "ipv6": ("::1", "fe80::1"),
    "cidr": ("10.0.0.0/8", "10.1.2.3/8", "::/0"),
    "mac": ("01:23:45:67:89:ab", "0123.4567.89ab"),
    "uuid": ("a8098c1a-f86e-11da-bd1a-00112448be1e", "A8098C1AF86E11DABD1A00112448BE1E"),
    "uuid3": ("bcd02e22-68f0-3046-a512-327cca9def8f",),
    "uuid4": ("025b0d74-00a2-4048-bf57-227c5111bb34",),
    "uuid5": ("886313e1-3b8a-5372-9b90-0c9aee199e5d",),
    "isbn": ("0321751043", "978-0321751041"),
    "isbn10": ("0321751043",),
    "isbn13": ("978-0321751041",),
    "ssn": ("111-11-1111",),
    "hexcolor": ("#FFFFFF", "fff"),
    "rgbcolor": ("rgb(255,0,0)",),
    "byte": ("aGk=", ""),
    "date": ("2024-02-29",),
    "duration": ("1h30m", "22 ns", "0", "-1.5s"),
    "datetime": ("2014-12-15T19:30:20.000Z", "2014-12-15T19:30:20+01:00"),
    "quantity": ("10Gi", "1e3"),
    "k8sshortname": ("a-b",),
    "k8slongname": ("a.b-c",),
}
BAD: dict[str, tuple[str, ...]] = {
    "ipv4": ("10.0.0.256", "::1"),
    "ipv6": ("10.0.0.1",),
    "cidr": ("10.0.0.0", "10.0.0.0/33"),
    "uuid": ("a8098c1a",),
    "isbn10": ("0321751044",),
    "isbn13": ("978-0321751042",),
    "byte": ("a", "a b="),
    "date": ("2023-02-29", "2023-13-01", "2023-1-1"),
    "datetime": ("2014-12-15", "2014-12-15T25:00:00Z", "2014-12-15T19:30:20"),
    "duration": ("1x", ""),
    "quantity": ("10Gb",),
    "hostname": ("-a", "a_b"),
    "k8sshortname": ("A", "a.b", "x" * 64),
    "k8slongname": ("a..b",),
}


def test_every_format_is_tried() -> None:
    assert set(GOOD) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    assert [text for text in GOOD[name] if not FORMATS[name](text)] == []
    assert [text for text in BAD.get(name, ()) if FORMATS[name](text)] == []


def test_the_names_of_formats() -> None:
    assert [known(name) for name in ("date-time", "k8s-short-name", "ipv4", "fancy", "")] == [
        "datetime",
        "k8sshortname",
        "ipv4",
        "",
        "",
    ]


def test_what_is_said_twice_is_written_once() -> None:
    long: Any = {"type": "object", "properties": {f"field{number}": {"type": "string"} for number in range(20)}}
    shape = {"type": "object", "properties": {"a": json.loads(json.dumps(long)), "b": json.loads(json.dumps(long))}}
    found = sharing.shared(shape, "Model")
    assert found["$ref"] == "#/$defs/Model"
    assert found["$defs"]["Model"]["properties"] == {"a": {"$ref": "#/$defs/a"}, "b": {"$ref": "#/$defs/a"}}
    assert found["$defs"]["a"] == long
    assert json.loads(sharing.text(found)) == found


def test_a_field_that_is_named_as_a_keyword_is_a_field() -> None:
    schema = "{type: object, properties: {properties: {type: object, properties: {items: {type: string}}}}}"
    read = imported(crd(schema)).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    body: Any = {"apiVersion": "ml.example.com/v1", "kind": "Model", "metadata": {"name": "a"}}
    assert list(crds.check({**body, "spec": {"properties": {"items": "x"}}}, read)) == []
    (fault,) = crds.check({**body, "spec": {"properties": {"item": "x"}}}, read)
    assert fault.path == ("spec", "properties", "item")


def test_without_the_extra_rules_are_said_not_to_be_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cel, "_environment", cel._environment.__wrapped__)
    monkeypatch.setattr(cel, "available", lambda: False)
    schema = "{type: object, x-kubernetes-validations: [{rule: self.a == 987654321}], properties: {a: {type: integer}}}"
    read = imported(crd(schema)).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    text = b"apiVersion: ml.example.com/v1\nkind: Model\nmetadata: {name: a}\nspec: {a: 1}\n"
    (fault,) = crds.check(next(parse(text)), read)
    assert (fault.rule, fault.severity, fault.path) == ("not-evaluated", "warning", ("kind",))
    assert fault.message.endswith("it needs the extra `mlgen[policies]`")
    assert "pip install 'mlgen[policies]'" in fault.help
