"""A role that a binding gives and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-role",
    title="A role that a binding gives is not there",
    why="The binding gives no rights at all until a role of that name exists, and a role of a binding can never be "
    "changed.",
    bad="roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reeder}",
    good="roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}",
    source="kubernetes.io, reference/access-authn-authz/rbac",
)
KINDS = (
    "Role",
    "ClusterRole",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
