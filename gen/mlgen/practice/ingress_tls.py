"""An Ingress without TLS."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="ingress-tls",
    title="An Ingress without TLS",
    why="Requests, and the tokens in them, go through the network as plain text.",
    bad="rules: [{host: churn.example.com}]",
    good="tls: [{hosts: [churn.example.com]}]\nrules: [{host: churn.example.com}]",
    source="https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """No `tls` at all, or a host that it does not list. Without a secret, it is the controller's certificate."""
    spec = map_at(body, "spec")
    if not spec:
        return
    covered = [host for _, one in maps_at(spec, "tls") for host in list_at(one, "hosts") if isinstance(host, str)]
    if not list_at(spec, "tls"):
        yield Fault(("spec",), RULE.id, "requests come in as plain text", "write `tls: [{hosts: [...]}]`", "warning")
    elif covered:
        for path, rule in maps_at(spec, "rules"):
            host = text_at(rule, "host")
            if host and host not in covered and f"*.{host.partition('.')[2]}" not in covered:
                message = f"requests to {code(host)} come in as plain text"
                yield Fault(("spec", *path, "host"), RULE.id, message, "add the host to those of `tls`", "warning")
