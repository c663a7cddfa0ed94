"""An account that may do everything."""

from collections.abc import Iterator

from mlgen.body import Body, text_at
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="cluster-admin",
    title="An account that may do everything",
    why="A pod with this account owns the cluster, and so does whoever gets into the pod.",
    bad="roleRef: {kind: ClusterRole, name: cluster-admin}",
    good="roleRef: {kind: Role, name: training}",
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A binding of the role `cluster-admin`."""
    if text_at(body, "roleRef", "name") == "cluster-admin" and text_at(body, "roleRef", "kind") == "ClusterRole":
        message = "whoever is bound here may do everything"
        yield Fault(("roleRef", "name"), RULE.id, message, "bind a role with the rights that are needed", "warning")
