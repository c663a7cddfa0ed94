"""An object as it is written -> as admission sees it: Kubernetes' defaults are there by then.

Only what policies ask for is filled in: pods, what makes them, Services, Jobs and claims. Source:
kubernetes/pkg/apis/{core,apps,batch}/v1/defaults.go.
"""

from copy import deepcopy
from typing import Any

from mlgen.body import Body, map_at
from mlgen.node import Json
from mlgen.pods import TEMPLATES, named

POD: Body = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "securityContext": {},
}
CONTAINER: Body = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "resources": {},
}
PROBE: Body = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
CONTAINERS = ("initContainers", "containers")
SPECS: dict[str, Body] = {
    "apps/v1 Deployment": {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600},
    "apps/v1 ReplicaSet": {"replicas": 1},
    "apps/v1 StatefulSet": {"replicas": 1, "podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10},
    "apps/v1 DaemonSet": {"revisionHistoryLimit": 10},
    "v1 ReplicationController": {"replicas": 1},
    "batch/v1 Job": {
        "parallelism": 1,
        "completions": 1,
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "suspend": False,
    },
    "batch/v1 CronJob": {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "v1 Service": {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"},
    "v1 PersistentVolumeClaim": {"volumeMode": "Filesystem"},
    "v1 PersistentVolume": {"volumeMode": "Filesystem", "persistentVolumeReclaimPolicy": "Retain"},
    "autoscaling/v2 HorizontalPodAutoscaler": {"minReplicas": 1},
    "storage.k8s.io/v1 StorageClass": {},
}
ROLLING: dict[str, tuple[str, Body]] = {
    "apps/v1 Deployment": ("strategy", {"maxSurge": "25%", "maxUnavailable": "25%"}),
    "apps/v1 DaemonSet": ("updateStrategy", {"maxSurge": 0, "maxUnavailable": 1}),
    "apps/v1 StatefulSet": ("updateStrategy", {"partition": 0}),
}


def admitted(body: Body) -> Any:
    """A copy of ``body`` with Kubernetes' defaults and without nulls."""
    whole = _without_nulls(deepcopy(body))
    what = named(body)
    spec = whole.get("spec")
    if isinstance(spec, dict):
        _own(spec, what)
    where = TEMPLATES.get(what)
    holder = whole if where == () else _reach(whole, where) if where else None
    if isinstance(holder, dict) and isinstance(holder.get("spec"), dict):
        _pod(holder["spec"])
        holder.setdefault("metadata", {})
    return whole


def _without_nulls(value: Json) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _reach(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _fill(whole: Any, defaults: Body) -> None:
    for key, value in defaults.items():
        whole.setdefault(key, deepcopy(value))


def _own(spec: Any, what: str) -> None:
    """What the object has beside its pods."""
    indexed = what == "batch/v1 Job" and ("parallelism" in spec) is not ("completions" in spec)
    defaults = dict(SPECS.get(what, {}))
    if indexed:  # one alone says that there is no fixed number of completions, or one pod at a time
        defaults.pop("completions")
    _fill(spec, defaults)
    if what in ROLLING:
        field, limits = ROLLING[what]
        strategy = spec.setdefault(field, {})
        if isinstance(strategy, dict) and strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
            rolling = strategy.setdefault("rollingUpdate", {})
            _fill(rolling, limits) if isinstance(rolling, dict) else None
    if what == "v1 Service":
        for port in _maps(spec.get("ports")):
            _fill(port, {"protocol": "TCP", "targetPort": port.get("port", 0)})


def _pod(spec: Any) -> None:
    _fill(spec, POD)
    for name in CONTAINERS:
        for container in _maps(spec.get(name)):
            _container(container)


def _container(container: Any) -> None:
    _fill(container, CONTAINER)
    image = str(container.get("image", ""))
    tag = image.rpartition("/")[2].partition("@")[0].partition(":")[2]
    latest = "@" not in image and tag in ("", "latest")
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
    for port in _maps(container.get("ports")):
        _fill(port, {"protocol": "TCP"})
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(probe), dict):
            _fill(container[probe], PROBE)
    resources = container["resources"]
    if isinstance(resources, dict):
        for sort in ("limits", "requests"):
            if amounts := map_at(resources, sort):
                resources[sort] = {key: _quantity(value) for key, value in amounts.items()}
        if limits := map_at(resources, "limits"):  # a limit alone is a request too
            resources["requests"] = {**limits, **map_at(resources, "requests")}


def _quantity(value: Json) -> Json:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _maps(items: Any) -> list[Any]:
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
