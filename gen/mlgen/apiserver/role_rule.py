"""A rule of a role that says which resources and which paths, or neither."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="role-rule",
    title="A rule of a role about paths in a namespace, or about paths and resources together",
    why="The API server refuses it. Paths such as `/metrics` are the cluster's, so only a ClusterRole has them, in "
    "a rule of their own; a rule about resources says which of which API groups.",
    bad="kind: Role\nrules: [{nonResourceURLs: [/metrics], verbs: [get]}]",
    good="kind: ClusterRole\nrules: [{nonResourceURLs: [/metrics], verbs: [get]}]",
    source="kubernetes/pkg/apis/rbac/validation: ValidatePolicyRule",
)


def check(body: Body) -> Iterator[Fault]:
    """Each rule of a Role or ClusterRole."""
    inside = named(body) == "rbac.authorization.k8s.io/v1 Role"
    for where, rule in maps_at(body, "rules"):
        if list_at(rule, "nonResourceURLs"):
            place = (*where, "nonResourceURLs")
            if inside:
                message = "a Role is of one namespace, and paths are the cluster's"
                yield Fault(place, RULE.id, message, "make it a ClusterRole, bound by a ClusterRoleBinding")
            elif any(list_at(rule, field) for field in ("apiGroups", "resources", "resourceNames")):
                yield Fault(place, RULE.id, "a rule is about resources or about paths", "make two rules of it")
        else:
            for field, hint in (("apiGroups", 'the core group is `""`'), ("resources", "such as `pods`")):
                if not list_at(rule, field):
                    yield Fault(where, RULE.id, f"the rule needs `{field}`", f"add it: {hint}")
