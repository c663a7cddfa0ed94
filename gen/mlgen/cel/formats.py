"""Kubernetes' CEL functions about names and other forms of text: `format.dns1123Label().validate(name)`.

Source: apiserver/pkg/cel/library/format.go; https://kubernetes.io/docs/reference/using-api/cel/. A result that may be
none is a list here, of one item or of nothing: `mlgen.cel.rewriting` makes it optional.
"""

import base64
import binascii
import re
from collections.abc import Callable

from mlgen.cel import addresses
from mlgen.cel.function import Function, member, stated
from mlgen.dates import is_date, is_datetime

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
NAME = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
Check = Callable[[str], str]


def _form(pattern: str, longest: int, what: str) -> Check:
    form = re.compile(pattern)

    def check(text: str) -> str:
        if len(text) > longest:
            return f"must be no more than {longest} characters"
        return "" if form.fullmatch(text) else what

    return check


def _prefix(check: Check) -> Check:
    """Of a name that more is appended to: a dash may be its last character."""
    return lambda text: check(re.sub("-$", "a", text))


def _tried(read: Callable[[str], object], what: str) -> Check:
    def check(text: str) -> str:
        try:
            read(text)
        except (ValueError, binascii.Error):
            return what
        return ""

    return check


def _asked(question: Callable[[str], bool], what: str) -> Check:
    return lambda text: "" if question(text) else what


def _qualified(text: str) -> str:
    prefix, slash, name = text.rpartition("/")
    if slash and (not prefix or FORMATS["dns1123Subdomain"](prefix)):
        return "its prefix must be a DNS subdomain"
    return (
        "" if len(name) <= 63 and re.fullmatch(NAME, name) else "its name must be 63 letters, digits, '-', '_' or '.'"
    )


DNS_LABEL = _form(LABEL, 63, "must be lower-case letters, digits and '-', and begin and end with a letter or digit")
DNS_SUBDOMAIN = _form(SUBDOMAIN, 253, "must be lower-case letters, digits, '-' and '.'")
DNS_1035 = _form(
    r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, "must begin with a letter, and be lower-case letters, digits and '-'"
)
FORMATS: dict[str, Check] = {
    "dns1123Label": DNS_LABEL,
    "dns1123Subdomain": DNS_SUBDOMAIN,
    "dns1035Label": DNS_1035,
    "qualifiedName": _qualified,
    "dns1123LabelPrefix": _prefix(DNS_LABEL),
    "dns1123SubdomainPrefix": _prefix(DNS_SUBDOMAIN),
    "dns1035LabelPrefix": _prefix(DNS_1035),
    "labelValue": _form(rf"({NAME})?", 63, "must be letters, digits, '-', '_' or '.'"),
    "uri": _tried(addresses.parsed, "must be a URI"),
    "uuid": _form("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", 36, "must be a UUID"),
    "byte": _tried(lambda text: base64.b64decode(text, validate=True), "must be base64"),
    "date": _asked(is_date, "must be a date"),
    "datetime": _asked(is_datetime, "must be a date and time"),
}


def _validate(form: bytes, text: str) -> list[list[str]]:
    wrong = FORMATS[bytes(form).decode()](text)
    return [[wrong]] if wrong else []


def _named(name: str) -> Function:
    return stated(f"format.{name}", (), "bytes", lambda: name.encode())


FUNCTIONS: tuple[Function, ...] = (
    stated("format.named", ("string",), "list", lambda name: [name.encode()] if name in FORMATS else []),
    *map(_named, FORMATS),
    member("validate", ("bytes", "string"), "list", _validate),
)
