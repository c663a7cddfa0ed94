"""A place in an object and a value -> whether the API server would have written that value by itself.

Sources: kubernetes, pkg/apis/core/v1/defaults.go, pkg/apis/apps/v1/defaults.go, pkg/apis/batch/v1/defaults.go.
"""

from collections.abc import Mapping

from mlgen.node import Json, Path

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
LATEST = ":latest"
# By the last keys of a place; the numbers of lists are left out.
DEFAULTS: Mapping[Path, tuple[Json, ...]] = {
    ("terminationMessagePath",): ("/dev/termination-log",),
    ("terminationMessagePolicy",): ("File",),
    ("ports", "protocol"): ("TCP",),
    ("httpGet", "scheme"): ("HTTP",),
    **{
        (probe, key): (value,)
        for probe in PROBES
        for key, value in (
            ("timeoutSeconds", 1),
            ("periodSeconds", 10),
            ("successThreshold", 1),
            ("failureThreshold", 3),
            ("initialDelaySeconds", 0),
        )
    },
    ("template", "spec", "restartPolicy"): ("Always",),
    ("spec", "dnsPolicy"): ("ClusterFirst",),
    ("spec", "schedulerName"): ("default-scheduler",),
    ("spec", "terminationGracePeriodSeconds"): (30,),
    ("configMap", "defaultMode"): (420, "0644"),
    ("secret", "defaultMode"): (420, "0644"),
    ("fieldRef", "apiVersion"): ("v1",),
    ("spec", "securityContext"): ({},),
    ("containers", "resources"): ({},),
    ("spec", "revisionHistoryLimit"): (10,),
    ("spec", "progressDeadlineSeconds"): (600,),
    ("strategy", "type"): ("RollingUpdate",),
    ("rollingUpdate", "maxSurge"): ("25%",),
    ("rollingUpdate", "maxUnavailable"): ("25%",),
    ("spec", "type"): ("ClusterIP",),
    ("spec", "sessionAffinity"): ("None",),
    ("spec", "internalTrafficPolicy"): ("Cluster",),
    ("spec", "ipFamilyPolicy"): ("SingleStack",),
    ("spec", "completionMode"): ("NonIndexed",),
    ("spec", "podReplacementPolicy"): ("TerminatingOrFailed",),
    ("spec", "suspend"): (False,),
    ("spec", "manualSelector"): (False,),
    ("spec", "concurrencyPolicy"): ("Allow",),
    ("spec", "successfulJobsHistoryLimit"): (3,),
    ("spec", "failedJobsHistoryLimit"): (1,),
    ("metadata", "creationTimestamp"): (None,),
    ("spec", "completions"): (1,),
    ("spec", "parallelism"): (1,),
    ("runtimeRef", "apiGroup"): ("trainer.kubeflow.org",),
    ("runtimeRef", "kind"): ("ClusterTrainingRuntime",),
}
# What only one kind has: of another, the same words say something else.
ONLY: Mapping[Path, str] = {
    ("template", "spec", "restartPolicy"): "Deployment",
    ("spec", "type"): "Service",
    ("spec", "concurrencyPolicy"): "CronJob",
}


def is_default(kind: str, path: Path, value: Json, beside: Mapping[str, Json]) -> bool:
    """Whether an object of ``kind`` has ``value`` at ``path`` all the same; ``beside`` is the map around it."""
    keys = tuple(key for key in path if isinstance(key, str))
    if keys[-1:] == ("imagePullPolicy",):
        image = str(beside.get("image", ""))
        tag = image.rpartition("/")[2]
        return value == ("Always" if tag.endswith(LATEST) or not {":", "@"} & {*tag} else "IfNotPresent")
    for length in (3, 2, 1):
        known = DEFAULTS.get(keys[-length:])
        if known is not None:
            return value in known and ONLY.get(keys[-length:], kind) == kind and same_type(value, known)
    return False


def same_type(value: Json, known: tuple[Json, ...]) -> bool:
    """Python takes False for 0."""
    return any(type(value) is type(one) and value == one for one in known)
