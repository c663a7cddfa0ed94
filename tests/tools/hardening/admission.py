"""Kubernetes' rules for webhooks, policies and what few people write -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/admissionregistration, coordination, flowcontrol and certificates, each its
validation/validation.go.
"""

from tests.tools.hardening.pieces import Schema, all_of, between, inside, needs, never, text, where, words

USAGES = (
    "signing|digital signature|content commitment|key encipherment|key agreement|data encipherment|cert sign|crl sign"
    "|encipher only|decipher only|any|server auth|client auth|code signing|email protection|s/mime|ipsec end system"
    "|ipsec tunnel|ipsec user|timestamping|ocsp signing|microsoft sgc|netscape sgc"
).split("|")


def webhooks() -> dict[str, Schema]:
    """What is asked about every object."""
    accepted = {
        "x-rule": "bad-webhook",
        "contains": {"enum": ["v1", "v1beta1"]},
        "x-sentence": "must list `v1` or `v1beta1`",
    }
    found = {
        "x-rule": "bad-webhook",
        "oneOf": [
            {"required": [field], "properties": {field: {"not": {"type": "null"}}}} for field in ("url", "service")
        ],
        "x-sentence": "needs one of `url` and `service`, and not both",
    }
    checks = {
        "x-rule": "missing-value",
        "anyOf": [
            {"required": [field], "properties": {field: {"type": "array", "minItems": 1}}}
            for field in ("validations", "auditAnnotations")
        ],
        "x-sentence": "needs `validations` or `auditAnnotations`",
    }
    rules = inside("matchConstraints", piece=needs("resourceRules"))
    alone = {"if": {"contains": {"const": "*"}}, "then": {"maxItems": 1, "x-sentence": "cannot have `*` and others"}}
    both = {
        "if": {"contains": {"const": "Deny"}},
        "then": {
            "not": {"contains": {"const": "Warn"}},
            "x-sentence": "cannot have both `Deny` and `Warn`: they say the same",
        },
    }
    chosen = {
        "oneOf": [
            {"required": [field], "properties": {field: {"not": {"enum": [None, ""]}}}}
            for field in ("name", "selector")
        ],
        "x-sentence": "needs one of `name` and `selector`, and not both",
    }
    return {
        "webhook-name": text(
            "bad-name",
            "a domain of at least three parts, such as `pods.policy.example.com`",
            r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}",
            longest=253,
        ),
        "review-versions": accepted,
        "failure": words("Ignore", "Fail"),
        "match": words("Exact", "Equivalent"),
        "side-effects": words("None", "NoneOnDryRun"),
        "reinvocation": words("Never", "IfNeeded"),
        "webhook-time": between(1, 30),
        "client": found,
        "webhook-url": text(
            "bad-webhook",
            "an address that begins with `https://`, without user, query and fragment",
            r"https://[^/@?#]+(/[^?#]*)?",
        ),
        "operation": words("CREATE", "UPDATE", "DELETE", "CONNECT", "*"),
        "rule-scope": words("Cluster", "Namespaced", "*"),
        "alone": {"x-rule": "bad-webhook", **alone},
        "needs-rule": needs("apiGroups", "apiVersions", "operations", "resources"),
        "policy": all_of("missing-value", checks, needs("matchConstraints"), rules),
        "binding-actions": {"x-rule": "bad-webhook", **both},
        "policy-binding": needs("policyName", "validationActions"),
        "action": words("Deny", "Warn", "Audit"),
        "param-ref": all_of("bad-webhook", chosen, needs("parameterNotFoundAction", rule="missing-value")),
        "not-found": words("Allow", "Deny"),
        "reason": words("Unauthorized", "Forbidden", "Invalid", "RequestEntityTooLarge"),
    }


def others() -> dict[str, Schema]:
    """What few people write."""
    queue = where(
        "type", ["Queue"], {}, "missing-value", other=never("can only be set for `type: Queue`", "queuing", empty=False)
    )
    limited = where(
        "type",
        ["Limited"],
        needs("limited"),
        "missing-value",
        other=never("can only be set for `type: Limited`", "limited", empty=False),
    )
    return {
        "crd-scope": words("Cluster", "Namespaced"),
        "precedence": between(0, 10000),
        "flow-queue": queue,
        "flow-limited": limited,
        "level-type": words("Limited", "Exempt"),
        "response-type": words("Queue", "Reject"),
        "flow-kind": words("User", "Group", "ServiceAccount"),
        "distinguisher": words("ByUser", "ByNamespace"),
        "usage": words(*USAGES),
        "csr-time": between(600, None),
    }


def pieces(_minor: int) -> dict[str, Schema]:
    """Everything about admission, the same in every version."""
    return webhooks() | others()


HOOK = {
    "name": "webhook-name",
    "admissionReviewVersions": "filled review-versions",
    "admissionReviewVersions[]": "label",
    "failurePolicy": "failure",
    "matchPolicy": "match",
    "sideEffects": "side-effects",
    "timeoutSeconds": "webhook-time",
}
ADMISSION = "admissionregistration.*."
MATCHED = {
    "operations[]": "operation",
    "operations": "alone",
    "apiGroups": "alone",
    "apiVersions": "alone",
    "scope": "rule-scope",
    "": "needs-rule",
}
PLACES: dict[str, dict[str, str]] = {
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": {"scope": "crd-scope"},
    f"{ADMISSION}ValidatingWebhook": HOOK,
    f"{ADMISSION}MutatingWebhook": {**HOOK, "reinvocationPolicy": "reinvocation"},
    f"{ADMISSION}WebhookClientConfig": {"": "client", "url": "webhook-url"},
    f"{ADMISSION}ServiceReference": {"name": "filled", "namespace": "filled", "port": "port"},
    f"{ADMISSION}RuleWithOperations": MATCHED,
    f"{ADMISSION}NamedRuleWithOperations": MATCHED,
    f"{ADMISSION}ValidatingAdmissionPolicySpec": {"": "policy", "failurePolicy": "failure"},
    f"{ADMISSION}MatchResources": {"matchPolicy": "match"},
    f"{ADMISSION}Validation": {"expression": "filled", "reason": "reason"},
    f"{ADMISSION}MatchCondition": {"name": "filled", "expression": "filled"},
    f"{ADMISSION}Variable": {"name": "filled", "expression": "filled"},
    f"{ADMISSION}ValidatingAdmissionPolicyBindingSpec": {
        "": "policy-binding",
        "policyName": "subdomain",
        "validationActions": "binding-actions",
        "validationActions[]": "action",
    },
    f"{ADMISSION}ParamRef": {"name": "segment", "": "param-ref", "parameterNotFoundAction": "not-found"},
    "coordination.*.LeaseSpec": {"leaseDurationSeconds": "one-or-more", "leaseTransitions": "not-negative"},
    "flowcontrol.*.PriorityLevelConfigurationReference": {"name": "subdomain"},
    "flowcontrol.*.PolicyRulesWithSubjects": {"subjects": "filled"},
    "flowcontrol.*.Subject": {"kind": "flow-kind"},
    "flowcontrol.*.QueuingConfiguration": {
        "queues": "not-negative",
        "queueLengthLimit": "not-negative",
        "handSize": "not-negative",
    },
    "flowcontrol.*.FlowSchemaSpec": {"matchingPrecedence": "precedence"},
    "flowcontrol.*.FlowDistinguisherMethod": {"type": "distinguisher"},
    "flowcontrol.*.PriorityLevelConfigurationSpec": {"": "flow-limited", "type": "level-type"},
    "flowcontrol.*.LimitResponse": {"": "flow-queue", "type": "response-type"},
    "certificates.*.CertificateSigningRequestSpec": {
        "usages": "filled",
        "usages[]": "usage",
        "expirationSeconds": "csr-time",
    },
}
