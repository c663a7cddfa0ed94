"""A workload's account and what it may do -> the Role, and the RoleBinding that gives it to that account alone."""

from collections.abc import Sequence

from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft

RBAC = "rbac.authorization.k8s.io"


def role(workload: Workload, rules: Sequence[Draft]) -> Object:
    """What the account may do in its namespace."""
    body: dict[str, Draft] = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "rules": rules,
    }
    return Object(body, (workload.key,))


def role_binding(workload: Workload) -> Object:
    """The role, given to the workload's account and no other."""
    name = named(workload)
    body: dict[str, Draft] = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": metadata(workload.site, name, workload_labels(workload)),
        "roleRef": {"apiGroup": RBAC, "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": workload.site.namespace}],
    }
    return Object(body, (workload.key,))
