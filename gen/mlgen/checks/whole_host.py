"""A host that has the environment's domain in it already."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="whole-host",
    title="A host that has the environment's domain in it already",
    why="The domain is added in each environment: it would stand there twice, and nobody would be answered.",
    bad="host: churn.ml.example.com            # where the environment says `domain: ml.example.com`",
    good="host: churn",
)


def check(workload: Workload) -> Iterator[Problem]:
    """The end of the host against the domain."""
    host, domain = workload.spec.get("host"), workload.site.offer.get("domain")
    if host is None or domain is None:
        return
    name = said(host).removesuffix(said(domain))
    if name != said(host) and (not name or name.endswith(".")):
        message = f"the domain `{said(domain)}` is added to a host in `{said(workload.site.offer['name'])}`"
        hint = f"write `host: {name.rstrip('.')}`" if name else "write what stands before it, such as `host: churn`"
        yield Problem(RULE.id, host.span, message, hint, related=((domain.span, "the environment's domain"),))
