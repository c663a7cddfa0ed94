"""A text -> whether it has one of the formats that the API server checks in custom resources.

Source: apiextensions-apiserver/pkg/apiserver/validation/formats.go and kube-openapi/pkg/validation/strfmt. A format
that is not here is ignored, as it is there.
"""

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network

from mlgen.amount import quantity
from mlgen.dates import is_date, is_datetime

Check = Callable[[str], bool]
LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"
SHORT_NAME, LONG_NAME = 63, 253


def _form(pattern: str) -> Check:
    form = re.compile(pattern, re.ASCII)
    return lambda text: form.fullmatch(text) is not None


def _read(reader: Callable[[str], object]) -> Check:
    def check(text: str) -> bool:
        try:
            reader(text)
        except (ValueError, binascii.Error):
            return False
        return True

    return check


def _cidr(text: str) -> None:
    if not re.fullmatch(r"[^/%]+/\d{1,3}", text, re.ASCII):
        raise ValueError(text)
    ip_network(text, strict=False)


def _isbn10(text: str) -> bool:
    digits = re.sub("[ -]", "", text)
    if not re.fullmatch("[0-9]{9}[0-9X]", digits):
        return False
    return sum((10 - place) * (10 if one == "X" else int(one)) for place, one in enumerate(digits)) % 11 == 0


def _isbn13(text: str) -> bool:
    digits = re.sub("[ -]", "", text)
    return (
        bool(re.fullmatch("[0-9]{13}", digits)) and sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10 == 0
    )


def _short(text: str) -> bool:
    return len(text) <= SHORT_NAME and bool(re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", text))


def _long(text: str) -> bool:
    form = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
    return len(text) <= LONG_NAME and bool(re.fullmatch(form, text))


def _uuid(version: str) -> Check:
    return _form(rf"(?i)[0-9a-f]{{8}}-?[0-9a-f]{{4}}-?{version}-?[0-9a-f]{{4}}-?[0-9a-f]{{12}}")


GO_DURATION = r"[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)"
SCALA_DURATION = (
    r"[0-9]+(\.[0-9]+)? *(d|h|m|s|ms|us|µs|ns|days?|hours?|min(ute)?s?|sec(ond)?s?|milli(second)?s?|weeks?|w)"
)
# By their names without dashes, as the API server compares them.
FORMATS: dict[str, Check] = {
    "bsonobjectid": _form("[0-9a-fA-F]{24}"),
    "uri": _form(r"([A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x1f\x7f]*|/[^\x00-\x1f\x7f]*)"),
    "email": _form(r"([^<>]*<)?[^\s@<>]+@[^\s@<>]+>?"),
    "hostname": lambda text: len(text) <= 255 and bool(re.fullmatch(rf"{LABEL}(\.{LABEL})*\.?", text)),
    "ipv4": _read(IPv4Address),
    "ipv6": _read(IPv6Address),
    "cidr": _read(_cidr),
    "mac": _form(r"([0-9A-Fa-f]{2}[:-]){5,19}[0-9A-Fa-f]{2}|([0-9A-Fa-f]{4}\.){2,9}[0-9A-Fa-f]{4}"),
    "uuid": _uuid("[0-9a-f]{4}"),
    "uuid3": _uuid("3[0-9a-f]{3}"),
    "uuid4": _form(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}"),
    "uuid5": _form(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}"),
    "isbn": lambda text: _isbn10(text) or _isbn13(text),
    "isbn10": _isbn10,
    "isbn13": _isbn13,
    "ssn": _form(r"[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}"),
    "hexcolor": _form("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
    "rgbcolor": _form(
        r"rgb\(([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(,(?1)){2}\)".replace("(?1)", "[0-9]{1,3}")
    ),
    "byte": _read(lambda text: base64.b64decode(text, validate=True)),
    "date": is_date,
    "duration": lambda text: bool(re.fullmatch(f"{GO_DURATION}|{SCALA_DURATION}", text)),
    "datetime": is_datetime,
    "quantity": lambda text: quantity(text) is not None,
    "k8sshortname": _short,
    "k8slongname": _long,
}


def known(name: str) -> str:
    """The format that the API server takes ``name`` for; empty if it ignores it."""
    plain = name.replace("-", "")
    return plain if plain in FORMATS else ""
