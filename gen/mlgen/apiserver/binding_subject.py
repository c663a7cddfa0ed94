"""A role is bound to somebody who cannot be found."""

from collections.abc import Iterator

from mlgen.body import Body, at, maps_at
from mlgen.faults.case import code
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="binding-subject",
    title="A subject of a binding that cannot be found",
    why="The API server refuses the binding. A service account has no API group, and in a ClusterRoleBinding a "
    "namespace; users and groups are of `rbac.authorization.k8s.io`.",
    bad="kind: ClusterRoleBinding\nsubjects: [{kind: ServiceAccount, name: train}]",
    good="kind: ClusterRoleBinding\nsubjects: [{kind: ServiceAccount, name: train, namespace: churn}]",
    source="kubernetes/pkg/apis/rbac/validation: ValidateRoleBindingSubject, ValidateClusterRoleBinding",
)
GROUP = "rbac.authorization.k8s.io"


def check(body: Body) -> Iterator[Fault]:
    """Each subject, and that a ClusterRoleBinding binds a ClusterRole."""
    everywhere = named(body).endswith(" ClusterRoleBinding")
    if everywhere and at(body, "roleRef", "kind") == "Role":
        message = "a ClusterRoleBinding cannot bind the Role of a namespace"
        yield Fault(("roleRef", "kind"), RULE.id, message, "bind a ClusterRole, or make it a RoleBinding")
    for where, subject in maps_at(body, "subjects"):
        kind, group = subject.get("kind"), subject.get("apiGroup")
        if kind == "ServiceAccount":
            if group:
                message = "a service account has no API group"
                yield Fault((*where, "apiGroup"), RULE.id, message, "take `apiGroup` away")
            if everywhere and not subject.get("namespace"):
                message = "a ClusterRoleBinding does not know the account's namespace"
                yield Fault(where, RULE.id, message, "add `namespace`")
        elif kind in ("User", "Group") and group not in (None, "", GROUP):
            yield Fault((*where, "apiGroup"), RULE.id, f"{code(group)} has no users or groups", f"write `{GROUP}`")
