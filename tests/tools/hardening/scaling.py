"""Kubernetes' rules for autoscalers, disruption budgets and priorities -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/autoscaling, policy and scheduling, each its validation/validation.go.
"""

from typing import Any

from tests.tools.hardening.pieces import (
    INT32,
    Schema,
    all_of,
    between,
    inside,
    needs,
    never,
    present,
    where,
    words,
)

METRICS = {
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
    "External": "external",
    "ContainerResource": "containerResource",
}


def scaling(minor: int) -> dict[str, Schema]:
    """Autoscalers, disruption budgets and priorities."""
    fields = sorted(METRICS.values())
    kinds: list[Schema] = []
    for kind, field in METRICS.items():
        others = [other for other in fields if other != field]
        then = needs(field, rule="metric-source", why=f"`type: {kind}` says what it measures there")
        alone = {"if": present(field), "then": never(f"cannot be set for `type: {kind}`", *others, empty=False)}
        kinds.append(where("type", [kind], {"allOf": [then, alone]}, "metric-source"))
    either: dict[str, Any] = {"x-sentence": "needs `averageUtilization` or `averageValue`, and not both"}
    target = {"oneOf": [present("averageUtilization"), present("averageValue")], **either}
    value = {
        "oneOf": [present("value"), present("averageValue")],
        "x-sentence": "needs `value` or `averageValue`, and not both",
    }
    some = {"anyOf": [present("value"), present("averageValue")], "x-sentence": "needs `value` or `averageValue`"}
    average = {"anyOf": [present("averageValue")], "x-sentence": "needs `averageValue`"}
    system = {
        "required": ["metadata"],
        "properties": {
            "metadata": {"required": ["name"], "properties": {"name": {"type": "string", "pattern": "^system-"}}}
        },
    }
    reserved = inside(
        "metadata",
        "name",
        piece={
            "enum": ["system-node-critical", "system-cluster-critical"],
            "x-sentence": "cannot begin with `system-`: that is Kubernetes' own",
        },
    )
    user = inside(
        "value", piece={"maximum": 10**9, "x-help": "above 1000000000 are the priorities of Kubernetes' own pods"}
    )
    group = inside("apiVersion", piece={"pattern": "/", "x-message": "it must say the API's group, such as `apps/v1`"})
    both = all_of("bad-reference", needs("apiVersion"), group)
    found = {"scaled-group": both} if minor >= 34 else {}
    return found | {
        "min-replicas": between(0 if minor >= 37 else 1, INT32[1]),  # HPAScaleToZero
        "metric": {"x-rule": "metric-source", "allOf": kinds},
        "metric-type": words(*METRICS, rule="metric-source"),
        "resource-target": {"x-rule": "metric-source", **target},
        "external-target": {"x-rule": "metric-source", **value},
        "object-target": {"x-rule": "metric-source", **some},
        "pods-target": {"x-rule": "metric-source", **average},
        "target-type": words("Utilization", "Value", "AverageValue"),
        "select-policy": words("Max", "Min", "Disabled"),
        "scaling-type": words("Pods", "Percent"),
        "window": between(0, 3600),
        "period": between(1, 1800),
        "needs-policies": {"x-rule": "missing-value", "properties": {"policies": {"minItems": 1}}},
        "budget": {
            "x-rule": "budget-twice",
            "if": present("minAvailable"),
            "then": inside(
                "maxUnavailable",
                piece={"enum": [None], "x-sentence": "cannot be set beside `minAvailable`: one of them is enough"},
            ),
        },
        "eviction": words("IfHealthyBudget", "AlwaysAllow"),
        "priority": {"x-rule": "priority-value", "if": system, "then": reserved, "else": user},
    }


def pieces(minor: int) -> dict[str, Schema]:
    """Everything about how many pods there are in Kubernetes 1.``minor``."""
    return scaling(minor)


REFERENCE = {"kind": "filled segment", "name": "filled segment"}
PLACES: dict[str, dict[str, str]] = {
    "autoscaling.*.HorizontalPodAutoscalerSpec": {
        "scaleTargetRef": "scaled-group",
        "minReplicas": "min-replicas",
        "maxReplicas": "one-or-more",
        "targetCPUUtilizationPercentage": "one-or-more",
    },
    "autoscaling.*.CrossVersionObjectReference": REFERENCE,
    "autoscaling.*.MetricSpec": {"": "metric", "type": "metric-type"},
    "autoscaling.*.MetricTarget": {
        "type": "target-type",
        "value": "positive",
        "averageValue": "positive",
        "averageUtilization": "one-or-more",
    },
    "autoscaling.*.ResourceMetricSource": {"name": "filled", "target": "resource-target"},
    "autoscaling.*.ContainerResourceMetricSource": {
        "name": "filled",
        "container": "filled label",
        "target": "resource-target",
    },
    "autoscaling.*.ExternalMetricSource": {"target": "external-target"},
    "autoscaling.*.ObjectMetricSource": {"target": "object-target"},
    "autoscaling.*.PodsMetricSource": {"target": "pods-target"},
    "autoscaling.*.MetricIdentifier": {"name": "filled segment"},
    "autoscaling.*.HPAScalingRules": {
        "": "needs-policies",
        "stabilizationWindowSeconds": "window",
        "selectPolicy": "select-policy",
        "tolerance": "amount",
    },
    "autoscaling.*.HPAScalingPolicy": {"type": "scaling-type", "value": "one-or-more", "periodSeconds": "period"},
    "policy.*.PodDisruptionBudgetSpec": {
        "": "budget",
        "minAvailable": "percent-100",
        "maxUnavailable": "percent-100",
        "unhealthyPodEvictionPolicy": "eviction",
    },
    "scheduling.*.PriorityClass": {"": "priority", "preemptionPolicy": "preemption"},
}
