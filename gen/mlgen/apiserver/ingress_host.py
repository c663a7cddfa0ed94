"""Hosts and paths of an Ingress that no request can have."""

import re
from collections.abc import Iterator

from mlgen.address import address
from mlgen.body import Body, list_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="ingress-host",
    title="A host or path of an Ingress that no request can have",
    why="The API server refuses it. A host is a DNS name, with at most one asterisk for its first label, and a path "
    "has no dots or slashes that browsers would resolve away.",
    bad="rules: [{host: 10.1.2.3, ...}]",
    good="rules: [{host: churn.example.com, ...}]",
    source="kubernetes/pkg/apis/networking/validation: validateIngressRules, validateHTTPIngressPath, "
    "validateIngressTLS",
)
LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
HOST = re.compile(rf"(\*\.)?{LABEL}(\.{LABEL})*")
LONGEST = 253
UNRESOLVED = ("//", "/./", "/../", "%2f", "%2F")
ENDINGS = ("/..", "/.")


def check(body: Body) -> Iterator[Fault]:
    """The hosts of rules and of certificates, and the paths."""
    for where, rule in maps_at(body, "spec", "rules"):
        yield from _host((*where, "host"), text_at(rule, "host"))
        for inner, path in maps_at(rule, "http", "paths"):
            yield from _path((*where, *inner, "path"), path)
    for where, certificate in maps_at(body, "spec", "tls"):
        for index, host in enumerate(list_at(certificate, "hosts")):
            if isinstance(host, str):
                yield from _host((*where, "hosts", index), host)


def _host(path: Path, host: str) -> Iterator[Fault]:
    if address(host) is not None:
        yield Fault(path, RULE.id, f"{code(host)} is an IP address, and a host is a DNS name", "write a name")
    elif host and (len(host) > LONGEST or HOST.fullmatch(host) is None):
        hint = "write lower-case labels of letters, digits and hyphens, joined by dots; the first may be `*`"
        yield Fault(path, RULE.id, f"{code(host)} is no DNS name", hint)


def _path(path: Path, entry: Body) -> Iterator[Fault]:
    text = text_at(entry, "path")
    if entry.get("pathType") not in ("Exact", "Prefix"):
        return
    for part in UNRESOLVED:
        if part in text:
            yield Fault(path, RULE.id, f"a path cannot contain `{part}`", "take it away")
    for part in ENDINGS:
        if text.endswith(part):
            yield Fault(path, RULE.id, f"a path cannot end in `{part}`", "take it away")
