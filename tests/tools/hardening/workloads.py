"""Kubernetes' rules for Deployments, Jobs and the like -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/apps and batch, each its validation/validation.go.
"""

from tests.tools.hardening.pieces import (
    INT32,
    Schema,
    all_of,
    between,
    inside,
    needs,
    never,
    present,
    text,
    where,
    words,
)

NONE = [0, "0%", "00%", "000%"]
PERCENT = "a whole number, or a percentage such as `25%`"


def templates() -> dict[str, Schema]:
    """What controllers ask of the pods that they make."""
    always = {
        "restartPolicy": {
            "enum": ["Always", "", None],
            "x-sentence": "can only be `Always`: these pods are meant to run for ever",
        },
        "activeDeadlineSeconds": {"enum": [None], "x-sentence": "cannot be set: these pods are meant to run for ever"},
    }
    ends = {
        "restartPolicy": {
            "enum": ["OnFailure", "Never"],
            "x-sentence": "must be `Never` or `OnFailure`, for a Job's pods are to end",
        }
    }
    said: Schema = {
        "required": ["restartPolicy"],
        "x-sentence": "must say `restartPolicy: Never` or `restartPolicy: OnFailure`, for a Job's pods are to end",
    }
    return {
        "stays": {"x-rule": "restart-policy", **inside("spec", piece={"properties": always})},
        "ends": {"x-rule": "restart-policy", **inside("spec", piece={"properties": ends})},
        "lax.says-end": {"x-rule": "restart-policy", **inside("spec", piece=said)},
    }


def rollouts() -> dict[str, Schema]:
    """How a new version takes over."""
    percent = text("percentage", PERCENT, "[0-9]+%") | between(0, INT32[1], "percentage")
    hundred = text("percentage", f"{PERCENT}, not above `100%`", "0*(100|[0-9]{1,2})%") | between(
        0, INT32[1], "percentage"
    )
    zero = {
        "properties": {"maxSurge": {"enum": NONE}, "maxUnavailable": {"enum": NONE}},
        "required": ["maxSurge", "maxUnavailable"],
    }
    surge = {
        "if": {"required": ["maxSurge"], "properties": {"maxSurge": {"not": {"enum": [*NONE, None]}}}},
        "then": {
            "required": ["maxUnavailable"],
            "properties": {"maxUnavailable": {"enum": NONE, "x-sentence": "must be `0` beside `maxSurge`"}},
            "x-sentence": "needs `maxUnavailable: 0` beside `maxSurge`, as its default is 1",
        },
    }
    still = {
        "if": {"required": ["maxUnavailable"], "properties": {"maxUnavailable": {"enum": NONE}}},
        "then": {
            "required": ["maxSurge"],
            "properties": {
                "maxSurge": {
                    "not": {"enum": [*NONE, None]},
                    "x-sentence": "cannot be `0` as well as `maxUnavailable`: nothing could move",
                }
            },
            "x-sentence": "needs `maxSurge`, as `maxUnavailable` is 0: nothing could move",
        },
    }
    return {
        "percent": percent,
        "percent-100": hundred,
        "not-both-zero": {
            "x-rule": "bad-strategy",
            "not": zero,
            "x-sentence": "has both `maxSurge` and `maxUnavailable` 0: nothing could move",
        },
        "surge-or-unavailable": all_of("bad-strategy", surge, still),
        "some-unavailable": {
            "x-rule": "bad-strategy",
            "not": {"enum": NONE},
            "x-sentence": "cannot be `0`: nothing could move",
        },
        "deployment-type": words("RollingUpdate", "Recreate", ""),
        "recreate": where(
            "type",
            ["Recreate"],
            never("cannot be set for `type: Recreate`", "rollingUpdate", empty=False),
            "bad-strategy",
        ),
        "set-type": words("RollingUpdate", "OnDelete", ""),
        "on-delete": where(
            "type",
            ["OnDelete"],
            never("cannot be set for `type: OnDelete`", "rollingUpdate", empty=False),
            "bad-strategy",
        ),
        "pod-management": words("OrderedReady", "Parallel", ""),
        "set-service": text(
            "bad-name",
            "allowed are lower-case letters, digits and `-`, at most 63",
            "([a-z0-9]([-a-z0-9]*[a-z0-9])?)?",
            longest=63,
        ),
        "claim-name": {
            "x-rule": "bad-name",
            **inside(
                "metadata",
                "name",
                piece=text(
                    "bad-name",
                    "allowed are lower-case letters, digits and `-`, at most 63",
                    "([a-z0-9]([-a-z0-9]*[a-z0-9])?)?",
                    longest=63,
                ),
            ),
        },
        "retention": words("Retain", "Delete", ""),
        "needs-data": needs("data"),
    }


def jobs(minor: int) -> dict[str, Schema]:
    """Jobs and what starts them."""
    own = {
        "if": {"required": ["selector"], "properties": {"selector": {"type": "object", "minProperties": 1}}},
        "then": {
            "required": ["manualSelector"],
            "properties": {"manualSelector": {"const": True}},
            "x-at": ["selector"],
            "x-sentence": "cannot have a `selector` of its own: Kubernetes makes one",
        },
    }
    chosen = {
        "if": {"required": ["manualSelector"], "properties": {"manualSelector": {"const": True}}},
        "then": needs("selector", rule="generated-selector", why="`manualSelector: true` says that it is written here"),
    }
    auto = inside(
        "spec",
        piece={
            "properties": {
                "selector": {"enum": [None], "x-sentence": "cannot be set: Kubernetes makes one for each Job"},
                "manualSelector": {
                    "enum": [None, False],
                    "x-sentence": "cannot be `true` for Jobs that a schedule makes",
                },
            }
        },
    )
    indexed = {"required": ["completionMode"], "properties": {"completionMode": {"const": "Indexed"}}}
    numbered = {"allOf": [indexed, present("parallelism")]}
    why = "`completionMode: Indexed` numbers the pods, and `parallelism` alone does not say how many"
    count = {"if": numbered, "then": needs("completions", rule="indexed-field", why=why)}
    many = {"if": indexed, "then": inside("parallelism", piece={"maximum": 100000})}
    plain = {
        "if": {"not": indexed},
        "then": never(
            "needs `completionMode: Indexed`", "backoffLimitPerIndex", "maxFailedIndexes", "successPolicy", empty=False
        ),
    }
    failed = {
        "if": present("maxFailedIndexes"),
        "then": needs("backoffLimitPerIndex", rule="indexed-field", why="`maxFailedIndexes` counts what this gave up"),
    }
    never_again = {
        "if": present("podFailurePolicy"),
        "then": {
            "properties": {
                "podReplacementPolicy": {
                    "enum": [None, "Failed"],
                    "x-sentence": "can only be `Failed` beside `podFailurePolicy`",
                },
                "template": inside(
                    "spec",
                    piece=inside(
                        "restartPolicy",
                        piece={"enum": ["Never"], "x-sentence": "can only be `Never` beside `podFailurePolicy`"},
                    ),
                ),
            }
        },
    }
    choice = {
        "x-sentence": "needs one of `onExitCodes` and `onPodConditions`, and not both",
        "oneOf": [
            present("onExitCodes"),
            {"required": ["onPodConditions"], "properties": {"onPodConditions": {"type": "array", "minItems": 1}}},
        ],
    }
    codes = {
        "if": {"properties": {"operator": {"const": "In"}}},
        "then": inside(
            "values", "[]", piece={"not": {"const": 0}, "x-message": "0 is no failure: `operator: In` cannot list it"}
        ),
    }
    return {
        "job-selector": {"x-rule": "generated-selector", "allOf": [own, chosen]},
        "cron-job": {"x-rule": "generated-selector", **auto},
        "job-index": all_of("indexed-field", count, many, plain, failed),
        "failure-policy": {"x-rule": "restart-policy", **never_again},
        "completion-mode": words("NonIndexed", "Indexed"),
        "replacement": words("Failed", "TerminatingOrFailed"),
        "concurrency": words("Allow", "Forbid", "Replace", ""),
        "failure-action": words("FailJob", "Ignore", "Count", *(("FailIndex",) if minor >= 28 else ())),
        "failure-rule": {"x-rule": "failure-policy", **choice},
        "in-or-not": words("In", "NotIn"),
        "exit-codes": all_of("failure-policy", codes, inside("values", piece={"minItems": 1, "maxItems": 255})),
        "condition-status": words("True", "False", "Unknown"),
        "success-rules": {"x-rule": "failure-policy", "minItems": 1, "maxItems": 20},
        "success-rule": {
            "x-rule": "failure-policy",
            "anyOf": [present("succeededCount"), present("succeededIndexes")],
            "x-sentence": "needs `succeededCount` or `succeededIndexes`",
        },
        "managed-by": text(
            "bad-name", "a domain, `/` and a path", r"[a-z0-9.-]+/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+", longest=63
        ),
    }


def pieces(minor: int) -> dict[str, Schema]:
    """Everything about workloads in Kubernetes 1.``minor``."""
    return templates() | rollouts() | jobs(minor)


PLACES: dict[str, dict[str, str]] = {
    "apps.v1.DeploymentSpec": {
        "replicas": "not-negative",
        "minReadySeconds": "not-negative",
        "revisionHistoryLimit": "not-negative",
        "progressDeadlineSeconds": "not-negative",
        "selector": "selector-filled",
        "template": "stays",
    },
    "apps.v1.DeploymentStrategy": {"": "recreate", "type": "deployment-type"},
    "apps.v1.RollingUpdateDeployment": {"": "not-both-zero", "maxSurge": "percent", "maxUnavailable": "percent-100"},
    "apps.v1.ReplicaSetSpec": {
        "replicas": "not-negative",
        "minReadySeconds": "not-negative",
        "selector": "selector-filled",
        "template": "stays",
    },
    "apps.v1.StatefulSetSpec": {
        "replicas": "not-negative",
        "minReadySeconds": "not-negative",
        "podManagementPolicy": "pod-management",
        "serviceName": "set-service",
        "volumeClaimTemplates[]": "claim-name",
        "selector": "selector-filled",
        "template": "stays",
    },
    "apps.v1.StatefulSetUpdateStrategy": {"": "on-delete", "type": "set-type"},
    "apps.v1.RollingUpdateStatefulSetStrategy": {
        "partition": "not-negative",
        "maxUnavailable": "percent-100 some-unavailable",
    },
    "apps.v1.StatefulSetOrdinals": {"start": "not-negative"},
    "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": "retention", "whenScaled": "retention"},
    "apps.v1.DaemonSetSpec": {
        "minReadySeconds": "not-negative",
        "revisionHistoryLimit": "not-negative",
        "selector": "selector-filled",
        "template": "stays",
    },
    "apps.v1.DaemonSetUpdateStrategy": {"type": "set-type"},
    "apps.v1.RollingUpdateDaemonSet": {
        "": "surge-or-unavailable",
        "maxSurge": "percent-100",
        "maxUnavailable": "percent-100",
    },
    "apps.v1.ControllerRevision": {"": "needs-data", "revision": "not-negative-long"},
    "core.v1.ReplicationControllerSpec": {
        "replicas": "not-negative",
        "minReadySeconds": "not-negative",
        "selector": "labels",
        "template": "stays",
    },
    "batch.*.JobSpec": {
        "": "job-selector job-index failure-policy",
        "parallelism": "not-negative",
        "completions": "not-negative",
        "activeDeadlineSeconds": "not-negative-long",
        "backoffLimit": "not-negative",
        "ttlSecondsAfterFinished": "not-negative",
        "backoffLimitPerIndex": "not-negative",
        "maxFailedIndexes": "not-negative",
        "completionMode": "completion-mode",
        "podReplacementPolicy": "replacement",
        "managedBy": "managed-by",
        "template": "ends lax.says-end",
    },
    "batch.*.JobTemplateSpec": {"": "cron-job"},
    "batch.*.CronJobSpec": {
        "schedule": "filled",
        "concurrencyPolicy": "concurrency",
        "startingDeadlineSeconds": "not-negative-long",
        "successfulJobsHistoryLimit": "not-negative",
        "failedJobsHistoryLimit": "not-negative",
    },
    "batch.*.PodFailurePolicyRule": {"": "failure-rule", "action": "failure-action"},
    "batch.*.PodFailurePolicyOnExitCodesRequirement": {"": "exit-codes", "operator": "in-or-not"},
    "batch.*.PodFailurePolicyOnPodConditionsPattern": {"status": "condition-status", "type": "qualified"},
    "batch.*.SuccessPolicy": {"rules": "success-rules"},
    "batch.*.SuccessPolicyRule": {"": "success-rule", "succeededCount": "one-or-more"},
}
