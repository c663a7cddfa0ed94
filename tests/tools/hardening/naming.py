"""Kubernetes' rules for names, labels and quantities -> pieces, and the fields that they are for.

Sources: apimachinery's pkg/api/validation (objectmeta.go, generic.go), pkg/util/validation (validation.go),
pkg/apis/meta/v1/validation and pkg/api/resource (quantity.go).
"""

from tests.tools.hardening.pieces import (
    LABEL,
    NAME_PART,
    SUBDOMAIN,
    Schema,
    all_of,
    filled,
    inside,
    needs,
    text,
    without,
    words,
)

IN_LABEL = "allowed are lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends"
IN_LETTER_LABEL = "allowed are lower-case letters, digits and `-`, at most 63, a letter first and no `-` last"
IN_SUBDOMAIN = "allowed are lower-case letters, digits, `-` and `.`, with a letter or digit at both ends of each part"
IN_SEGMENT = "`/` and `%` are not allowed, nor `.` or `..` alone"
IN_KEY = (
    "allowed are letters, digits, `-`, `_` and `.`, at most 63, behind a domain in lower case and `/` if there is one"
)
IN_VALUE = "allowed are letters, digits, `-`, `_` and `.`, at most 63, with a letter or digit at both ends"
QUALIFIED = f"({SUBDOMAIN}/)?{NAME_PART}"
NUMBER = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
# Numbers that are surely not whole, whatever their unit makes of them.
TENTHS = r"[0-9]*\.[0-9]*[1-9][0-9]*"
BROKEN = rf"^\s*[+-]?({TENTHS}m?|[0-9]*[1-9]0{{0,2}}m|[0-9]*[1-9]0{{0,5}}u|[0-9]*[1-9]0{{0,8}}n)\s*$"


def named(rule_of_name: Schema, generated: str, *, namespaced: bool) -> Schema:
    """A whole object: its name, which it must have or ask for, and the namespace if there can be one."""
    said = {"not": {"enum": [None, ""]}}
    fields = {"name": rule_of_name, "generateName": {**rule_of_name, "pattern": f"^({generated})?$"}}
    if namespaced:
        fields["namespace"] = {**text("bad-namespace", IN_LABEL, f"({LABEL})?", longest=63)}
    choice: list[Schema] = [{"type": ["array", "boolean", "number", "string"]}]
    choice += [{"required": [field], "properties": {field: said}} for field in ("name", "generateName")]
    return {
        "x-rule": "bad-name",
        "required": ["metadata"],
        "properties": {"metadata": {"properties": fields, "anyOf": choice, "x-sentence": "has no `name`"}},
    }


def names(minor: int) -> dict[str, Schema]:
    """How each sort of object may be called."""
    subdomain = text("bad-name", IN_SUBDOMAIN, SUBDOMAIN, longest=253)
    label = text("bad-name", IN_LABEL, LABEL, longest=63)
    letter = text("bad-name", IN_LETTER_LABEL, "[a-z]([-a-z0-9]*[a-z0-9])?", longest=63)
    segment = text("bad-name", IN_SEGMENT, r"[^/%]*[^/%.][^/%]*|\.{3,}")
    service = label if minor >= 36 else letter  # RelaxedServiceNameValidation
    stateful = label if minor >= 28 else subdomain
    some, any_part = "[a-z0-9][-a-z0-9.]*", r"[^/%]+"
    return {
        "named": named(subdomain, some, namespaced=True),
        "named-cluster": named(subdomain, some, namespaced=False),
        "named-namespace": named(label, "[a-z0-9][-a-z0-9]*", namespaced=False),
        "named-service": named(service, "[a-z0-9][-a-z0-9]*" if minor >= 36 else "[a-z][-a-z0-9]*", namespaced=True),
        "named-set": named(stateful, some, namespaced=True),
        "named-cron": named({**subdomain, "maxLength": 52}, some, namespaced=True),
        "named-rule": named(segment, any_part, namespaced=True),
        "named-cluster-rule": named(segment, any_part, namespaced=False),
        "named-driver": named(text("bad-name", IN_SUBDOMAIN, f"(?i:{SUBDOMAIN})", longest=63), ".+", namespaced=False),
    }


def pieces(minor: int) -> dict[str, Schema]:
    """What names, keys, labels and quantities have to look like in Kubernetes 1.``minor``."""
    key = text("bad-label", IN_KEY, QUALIFIED, longest=317)
    value = text("bad-label", IN_VALUE, f"({NAME_PART})?", longest=63)
    return {
        **names(minor),
        **selectors(),
        "label": text("bad-name", IN_LABEL, LABEL, longest=63),
        "label-or-empty": text("bad-name", IN_LABEL, f"({LABEL})?", longest=63),
        "subdomain": text("bad-name", IN_SUBDOMAIN, SUBDOMAIN, longest=253),
        "subdomain-or-empty": text("bad-name", IN_SUBDOMAIN, f"({SUBDOMAIN})?", longest=253),
        "prefix": text("bad-name", IN_SUBDOMAIN, "([a-z0-9][-a-z0-9.]*)?", longest=253),
        "segment": text("bad-name", IN_SEGMENT, r"[^/%]*[^/%.][^/%]*|\.{3,}|"),
        "namespace": text("bad-namespace", IN_LABEL, f"({LABEL})?", longest=63),
        "label-key": key,
        "label-key-or-empty": text("bad-label", IN_KEY, f"({QUALIFIED})?", longest=317),
        "label-value": value,
        "labels": {"x-rule": "bad-label", "propertyNames": key, "additionalProperties": value},
        "annotations": {
            "x-rule": "bad-annotation",
            "x-message": IN_KEY.replace(" in lower case", ""),
            "propertyNames": {"pattern": f"^(?i:{QUALIFIED})$", "maxLength": 317},
        },
        "qualified": text("bad-name", IN_KEY, QUALIFIED, longest=317),
        "finalizer": text("bad-finalizer", IN_KEY, QUALIFIED, longest=317),
        "lax.finalizer": text(
            "bad-finalizer",
            "a domain, `/` and a name, such as `example.com/cleanup`",
            f"{SUBDOMAIN}/{NAME_PART}|kubernetes|orphan|foregroundDeletion",
            longest=317,
        ),
        "applied": {
            **needs("operation"),
            "properties": {"operation": {**words("Apply", "Update")}},
            "x-rule": "wrong-choice",
        },
        "needs-whole-spec": needs("spec"),
        "owner": needs("apiVersion", "kind", "name", "uid", rule="bad-owner"),
        "filled": filled(),
        "data-key": text(
            "bad-key",
            "allowed are letters, digits, `-`, `_` and `.`, at most 253, and not `..` first",
            r"\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*|",
            longest=253,
        ),
        "data-keys": {
            "x-rule": "bad-key",
            "x-message": "allowed are letters, digits, `-`, `_` and `.`, at most 253, and not `..` first",
            "propertyNames": {"pattern": r"^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$", "maxLength": 253},
        },
        "base64": {"x-rule": "not-base64", "x-sentence": "is not base64", "pattern": f"^({base64()})$"},
        "time": text(
            "bad-time",
            "a date and time such as `2026-01-31T09:00:00Z`",
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})",
        ),
        "quantity": text(
            "bad-quantity",
            "a number, with a unit such as `m`, `M`, `Mi`, `G` or `Gi` if any",
            rf"\s*[+-]?{NUMBER}([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?\s*",
        ),
        "amount": amount(),
        "positive": {
            **amount(),
            "allOf": [
                without(
                    "negative-quantity",
                    "it must be more than zero",
                    r"^\s*\+?(0+(\.0*)?|\.0+)([KMGTPE]i|[numkMGTPE])?\s*$",
                ),
                {"exclusiveMinimum": 0},
            ],
        },
        "whole": whole(),
        "selector-filled": {
            "x-rule": "bad-selector",
            "x-sentence": "selects nothing in particular: it needs `matchLabels` or `matchExpressions`",
            "anyOf": [
                {"type": ["null", "array", "boolean", "number", "string"]},
                {"required": ["matchLabels"], "properties": {"matchLabels": {"type": "object", "minProperties": 1}}},
                {
                    "required": ["matchExpressions"],
                    "properties": {"matchExpressions": {"type": "array", "minItems": 1}},
                },
            ],
        },
    }


def base64() -> str:
    """As Go decodes it: ends of lines may stand anywhere."""
    one = r"[A-Za-z0-9+/][\r\n]*"
    return rf"[\r\n]*({one}{one}{one}{one})*({one}{one}(=[\r\n]*)(=[\r\n]*)|{one}{one}{one}=[\r\n]*)?"


def amount() -> Schema:
    """A quantity that is not below zero."""
    expected = "it cannot be below zero"
    return {"x-rule": "negative-quantity", "x-message": expected, "pattern": r"^\s*([^-\s]|-?[0.]*$)", "minimum": 0}


def whole() -> Schema:
    """A quantity that counts things."""
    return {**without("fractional-count", "it must be a whole number", BROKEN), "multipleOf": 1}


META = "io.k8s.apimachinery.pkg.apis.meta.v1."
PLACES: dict[str, dict[str, str]] = {
    f"{META}ObjectMeta": {
        "labels": "labels",
        "annotations": "annotations",
        "finalizers[]": "finalizer lax.finalizer",
        "ownerReferences[]": "owner",
    },
    f"{META}ManagedFieldsEntry": {"": "applied"},
    f"{META}LabelSelector": {"matchLabels": "labels"},
    f"{META}LabelSelectorRequirement": {
        "": "selector-values",
        "key": "label-key",
        "operator": "selector-operator",
        "values[]": "label-value",
    },
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"": "quantity"},
}


NO_SPEC = (
    "core.v1.Pod core.v1.PersistentVolume core.v1.PersistentVolumeClaim core.v1.Service core.v1.ReplicationController"
    " apps.v1.Deployment apps.v1.ReplicaSet apps.v1.StatefulSet apps.v1.DaemonSet batch.v1.Job batch.v1.CronJob"
    " autoscaling.v1.HorizontalPodAutoscaler autoscaling.v2.HorizontalPodAutoscaler networking.v1.Ingress"
    " admissionregistration.*.ValidatingAdmissionPolicy admissionregistration.*.ValidatingAdmissionPolicyBinding"
).split()
PLACES |= {name: {"": "needs-whole-spec"} for name in NO_SPEC}


def selectors() -> dict[str, Schema]:
    """What a requirement of a selector has to say, by its operator."""
    some = needs("values", rule="bad-selector", why="`In` and `NotIn` compare with `values`")
    none = inside(
        "values",
        piece={"enum": [None, []], "x-sentence": "cannot be set: `Exists` and `DoesNotExist` compare with no value"},
    )
    listed = {"if": {"required": ["operator"], "properties": {"operator": {"enum": ["In", "NotIn"]}}}, "then": some}
    other = {
        "if": {"required": ["operator"], "properties": {"operator": {"enum": ["Exists", "DoesNotExist"]}}},
        "then": none,
    }
    return {
        "selector-operator": {"x-rule": "bad-selector", "enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
        "selector-values": all_of("bad-selector", listed, other),
    }
