"""A gateway or a class of ingress that requests should come through, and that is not there."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-gateway",
    title="The Gateway or IngressClass that requests should come through is not there",
    why="No controller takes the route up: nothing answers, and no error is shown but in its empty status.",
    bad="parentRefs: [{name: ml, namespace: gateways}]",
    good="parentRefs: [{name: ml, namespace: gateway-system}]",
    source="gateway-api.sigs.k8s.io, HTTPRoute, ParentRefs",
)
KINDS = (
    "Gateway",
    "IngressClass",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
