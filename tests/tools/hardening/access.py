"""Kubernetes' rules for roles, quotas and secrets -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/rbac and node, each its validation/validation.go; pkg/apis/core/validation
(ValidateSecret, ValidateResourceQuotaSpec, ValidateLimitRange).
"""

from typing import Any

from tests.tools.hardening.containers import EXTENDED
from tests.tools.hardening.pieces import Schema, all_of, any_words, filled, inside, needs, never, text, where, words

RBAC = "rbac.authorization.k8s.io"
COUNTED = (
    "pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims services.nodeports"
    " services.loadbalancers"
).split()
MEASURED = ["cpu", "memory", "ephemeral-storage"]
QUOTA = [
    *MEASURED,
    *(f"{sort}.{name}" for sort in ("requests", "limits") for name in MEASURED),
    "requests.storage",
    *COUNTED,
]
HUGE = r"(requests\.)?hugepages-.+"
SCOPES = (
    "Terminating NotTerminating BestEffort NotBestEffort PriorityClass CrossNamespacePodAffinity VolumeAttributesClass"
).split()
SECRET_KEYS = {
    "kubernetes.io/dockercfg": [".dockercfg"],
    "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    "kubernetes.io/ssh-auth": ["ssh-privatekey"],
    "kubernetes.io/tls": ["tls.crt", "tls.key"],
}


def roles() -> dict[str, Schema]:
    """Who may do what."""
    urls = {"required": ["nonResourceURLs"], "properties": {"nonResourceURLs": {"type": "array", "minItems": 1}}}
    both = {
        "if": urls,
        "then": never(
            "cannot be set beside `nonResourceURLs`: write two rules", "apiGroups", "resources", "resourceNames"
        ),
    }
    rest = {
        "if": {"not": urls},
        "then": needs("apiGroups", "resources", rule="bad-role", why='say which, `""` for the core group'),
    }
    none = inside("nonResourceURLs", piece={"enum": [None, []], "x-sentence": "can only be set in a ClusterRole"})
    group = {"enum": [RBAC, ""], "x-sentence": f"can only be `{RBAC}`"}
    account = {
        "properties": {
            "apiGroup": {"enum": [None, ""], "x-sentence": "cannot be set for a ServiceAccount"},
            "name": {
                "x-message": "allowed are lower-case letters, digits, `-` and `.`",
                "pattern": r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$",
                "maxLength": 253,
            },
        }
    }
    person = {"properties": {"apiGroup": {"enum": [RBAC, None, ""], "x-sentence": f"can only be `{RBAC}`"}}}
    place = where(
        "kind",
        ["ServiceAccount"],
        needs("namespace", rule="bad-subject", why="say where the ServiceAccount is"),
        "bad-subject",
    )
    return {
        "role-verbs": filled("bad-role"),
        "role-rule": all_of("bad-role", both, rest),
        "role-rules": {"x-rule": "bad-role", "items": none},
        "role-kind": words("Role", "ClusterRole", rule="role-reference"),
        "cluster-role-kind": {"x-rule": "role-reference", **inside("kind", piece={"enum": ["ClusterRole"]})},
        "role-group": {"x-rule": "role-reference", **group},
        "subject-kind": words("ServiceAccount", "User", "Group", rule="bad-subject"),
        "subject": all_of(
            "bad-subject",
            where("kind", ["ServiceAccount"], account, "bad-subject"),
            where("kind", ["User", "Group"], person, "bad-subject"),
        ),
        "cluster-subjects": {"x-rule": "bad-subject", "items": place},
        "aggregation": needs("clusterRoleSelectors"),
    }


def quotas() -> dict[str, Schema]:
    """How much there is for all."""
    quota = any_words(
        "bad-resource", "no quota counts that; what has no domain is one of a few", QUOTA, f"{HUGE}|{EXTENDED}|count/.+"
    )
    limited = any_words(
        "bad-resource",
        "no such resource is known; others have a domain, such as `nvidia.com/gpu`",
        [*QUOTA, "storage"],
        f"{HUGE}|{EXTENDED}",
    )
    counted = "|".join(name.replace(".", r"\.") for name in COUNTED)
    both = {"allOf": [{"$ref": "#/$defs/mlgen.whole"}, {"$ref": "#/$defs/mlgen.amount"}]}
    amounts = {
        "additionalProperties": {"$ref": "#/$defs/mlgen.amount"},
        "patternProperties": {rf"^({counted})$": both, r"^([^r]|r[^e]).*/": both},
    }
    only = where(
        "scopeName",
        [scope for scope in SCOPES if scope not in ("PriorityClass", "VolumeAttributesClass")],
        inside("operator", piece={"enum": ["Exists"], "x-sentence": "can only be `Exists` for this scope"}),
        "bad-scope",
    )
    some = {
        "if": {"properties": {"operator": {"enum": ["In", "NotIn"]}}, "required": ["operator"]},
        "then": needs("values", rule="bad-scope"),
    }
    none = {
        "if": {"properties": {"operator": {"enum": ["Exists", "DoesNotExist"]}}, "required": ["operator"]},
        "then": never("cannot be set: `Exists` and `DoesNotExist` compare with no value", "values"),
    }
    fields = ("min", "max", "default", "defaultRequest", "maxLimitRequestRatio")
    container = {field: {"$ref": "#/$defs/mlgen.container-amounts"} for field in fields}
    pod = never("can only be set for `type: Container`", "default", "defaultRequest")
    storage = {
        "x-sentence": "needs `min` or `max` with `storage`",
        "anyOf": [{"required": [field], "properties": {field: {"required": ["storage"]}}} for field in ("min", "max")],
    }
    return {
        "quota-amounts": {"x-rule": "bad-resource", "allOf": [quota, amounts | {"x-rule": "fractional-count"}]},
        "scope": words(*SCOPES, rule="bad-scope"),
        "scope-operator": words("In", "NotIn", "Exists", "DoesNotExist", rule="bad-scope"),
        "scope-values": all_of("bad-scope", only, some, none),
        "limit-amounts": {"x-rule": "bad-resource", "allOf": [limited, {"$ref": "#/$defs/mlgen.amounts"}]},
        "limit": all_of(
            "bad-limit",
            where("type", ["Container", "Pod"], {"properties": container}, "bad-resource"),
            where("type", ["Pod"], pod, "bad-limit"),
            where("type", ["PersistentVolumeClaim"], storage, "bad-limit"),
        ),
        "limit-type": text(
            "wrong-choice",
            "`Container`, `Pod`, `PersistentVolumeClaim`, or what has a domain",
            f"Container|Pod|PersistentVolumeClaim|{EXTENDED}",
        ),
    }


def secrets() -> dict[str, Schema]:
    """Secrets, by their type."""

    def either(*keys: str) -> Schema:
        fields = ("data", "stringData")
        return {
            "anyOf": [
                {"required": [field], "properties": {field: {"required": [key]}}} for key in keys for field in fields
            ]
        }

    kinds: list[Schema] = []
    for kind, keys in SECRET_KEYS.items():
        then = [{**either(key), "x-sentence": f"of type `{kind}` must have the key `{key}`"} for key in keys]
        kinds.append(where("type", [kind], {"allOf": then}, "secret-type"))
    basic = {
        **either("username", "password"),
        "x-sentence": "of type `kubernetes.io/basic-auth` must have the key `username` or `password`",
    }
    kinds.append(where("type", ["kubernetes.io/basic-auth"], basic, "secret-type"))
    account = "kubernetes.io/service-account.name"
    token: dict[str, Any] = {
        "required": ["metadata"],
        "properties": {
            "metadata": {"required": ["annotations"], "properties": {"annotations": {"required": [account]}}}
        },
    }
    said = {
        "anyOf": [token],
        "x-sentence": f"of type `kubernetes.io/service-account-token` must have the annotation `{account}`",
    }
    kinds.append(where("type", ["kubernetes.io/service-account-token"], said, "secret-type"))
    return {"secret": {"x-rule": "secret-type", "x-at": ["data", "stringData"], "allOf": kinds}}


def pieces(_minor: int) -> dict[str, Schema]:
    """Everything about who may use what, the same in every version."""
    return roles() | quotas() | secrets()


RBAC_REF = {"apiGroup": "role-group", "kind": "role-kind", "name": "filled segment"}
PLACES: dict[str, dict[str, str]] = {
    "rbac.*.PolicyRule": {"": "role-rule", "verbs": "role-verbs"},
    "rbac.*.Role": {"rules": "role-rules"},
    "rbac.*.RoleRef": RBAC_REF,
    "rbac.*.ClusterRoleBinding": {"roleRef": "cluster-role-kind", "subjects": "cluster-subjects"},
    "rbac.*.Subject": {"": "subject", "kind": "subject-kind", "name": "filled"},
    "rbac.*.AggregationRule": {"": "aggregation"},
    "core.v1.NamespaceSpec": {"finalizers[]": "finalizer lax.finalizer"},
    "core.v1.Secret": {"": "secret", "data": "data-keys", "stringData": "data-keys"},
    "core.v1.ConfigMap": {"data": "data-keys", "binaryData": "data-keys"},
    "core.v1.ResourceQuotaSpec": {"hard": "quota-amounts", "scopes[]": "scope"},
    "core.v1.ScopedResourceSelectorRequirement": {
        "": "scope-values",
        "scopeName": "scope",
        "operator": "scope-operator",
    },
    "core.v1.LimitRangeItem": {
        "": "limit",
        "type": "limit-type",
        **dict.fromkeys(("min", "max", "default", "defaultRequest", "maxLimitRequestRatio"), "limit-amounts"),
    },
    "node.*.RuntimeClass": {"handler": "label"},
    "node.*.Overhead": {"podFixed": "container-amounts"},
    "node.*.Scheduling": {"nodeSelector": "labels"},
}
