"""Objects -> what their pods ask for while as many of them run as ever will at one time."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from mlgen import sidecars
from mlgen.amount import quantity
from mlgen.apache_spark_pods import OWNERS, apache_shares, executors
from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.gathered import Gathered, together
from mlgen.node import Json, Path
from mlgen.pods import CONTAINERS, Pod
from mlgen.spark_pods import APPLICATIONS, spark_shares
from mlgen.train_pods import RUNTIMES, TRAIN_JOB, nodes, train_pods

Amounts = Mapping[str, Fraction]
Scalers = Mapping[tuple[str, str], Sequence[tuple[str, int]]]
ONE_EACH = ("v1 Pod", "apps/v1 DaemonSet")
# What says in fields of its own how many pods there are, and how large.
TOLD_OTHERWISE = (TRAIN_JOB, *OWNERS)
NONE = ("v1 PodTemplate", *RUNTIMES)  # what somebody else's object makes pods of
SIDECAR = "Always"
DEFAULT_SURGE = "25%"
LONGEST = 10  # characters of a percentage
MOST = 10**9  # no real number of pods is greater


class Share(NamedTuple):
    """Pods of one sort: ``most`` of them at a time, and ``surge`` more while they are rolled out.

    ``requests`` and ``limits`` are those of one pod; ``path`` leads to what says them, ``spec`` has the nodes.
    """

    body: int
    path: Path
    most: int
    surge: int
    requests: Amounts
    limits: Amounts
    spec: Body

    def asked(self, resource: str) -> Fraction:
        """What one pod asks for, as a quota names it: `requests.cpu`, `limits.memory`, `pods`."""
        part, dot, name = resource.partition(".")
        if dot and part in ("requests", "limits"):
            return (self.limits if part == "limits" else self.requests).get(name, Fraction(0))
        return Fraction(1) if resource in ("pods", "count/pods") else self.requests.get(resource, Fraction(0))


def footprint(objects: Gathered) -> list[Share]:
    """Every sort of pod, autoscaled as far as its autoscaler goes."""
    scalers, given = _scalers(objects), _given(objects)
    found = [
        _share(index, pod, max(steady(pod), _scaled(pod.holder, scalers)), given)
        for index, pod in objects.pods
        if objects.first(index) and pod.owner not in TOLD_OTHERWISE
    ]
    for index, body in objects.of(*APPLICATIONS):
        for path, most, requests, limits, spec in (*spark_shares(body), *apache_shares(body)):
            more: Body = {"containers": sidecars.beside(map_at(spec, "annotations"), given)}
            asks, may = _sum(requests, needs(more, "requests")), _sum(limits, needs(more, "limits"))
            found.append(Share(index, path, most, 0, asks, may, spec))
    for index, body in objects.of("TrainJob"):
        for path, asked, placed in train_pods(body):
            one: Body = {"containers": [{"resources": asked}, *sidecars.beside(map_at(placed, "annotations"), given)]}
            found.append(Share(index, path, nodes(body), 0, needs(one, "requests"), needs(one, "limits"), placed))
    return found


def _given(objects: Gathered) -> Body:
    """What a LimitRange gives to containers that say nothing: where there are several, the first."""
    for _, limits in objects.of("LimitRange"):
        for _, limit in maps_at(limits, "spec", "limits"):
            if limit.get("type") == "Container":
                return limit
    return {}


def _sum(one: Amounts, other: Amounts) -> Amounts:
    result = dict(one)
    _add(result, other)
    return result


def steady(pod: Pod) -> int:
    """How many pods of a sort its object asks for at a time."""
    body, spec = pod.holder, map_at(pod.holder, "spec")
    if pod.owner in ONE_EACH:
        return 1
    if pod.owner in NONE:
        return 0
    if pod.owner == TRAIN_JOB:
        return nodes(body)
    if pod.owner in OWNERS:
        return executors(body) if "executorSpec" in pod.path else 1
    if pod.owner == "batch/v1 CronJob":
        return 0 if spec.get("suspend") is True else _together(map_at(spec, "jobTemplate", "spec"))
    if pod.owner == "batch/v1 Job":
        return _together(spec)
    if "." not in pod.owner.partition("/")[0]:
        return _count(spec.get("replicas"), 1)
    return _of_a_custom_resource(body, pod.path)


def needs(spec: Body, part: str) -> Amounts:
    """What a pod asks for: the sum of its containers, or of those that run first, if that is more.

    Source: kubernetes.io, concepts/workloads/pods/init-containers and sidecar-containers, Resource sharing.
    """
    beside: dict[str, Fraction] = {}
    first: dict[str, Fraction] = {}
    for _, container in maps_at(spec, "initContainers"):
        own = _own(container, part)
        if container.get("restartPolicy") == SIDECAR:
            _add(beside, own)
            own = {}
        for name in own.keys() | beside.keys():
            first[name] = max(first.get(name, Fraction(0)), own.get(name, Fraction(0)) + beside.get(name, Fraction(0)))
    total = dict(beside)
    for _, container in maps_at(spec, "containers"):
        _add(total, _own(container, part))
    most = {name: max(total.get(name, Fraction(0)), first.get(name, Fraction(0))) for name in {*total, *first}}
    overhead = map_at(spec, "overhead")
    _add(most, {name: amount for name in overhead if (amount := quantity(overhead[name])) is not None})
    return most


def place(share: Share, resource: str) -> Path:
    """Where the container that asks for most of ``resource`` says so; else what ``share.path`` leads to."""
    name = resource.removeprefix("requests.").removeprefix("limits.")
    parts = ("limits", "requests") if resource.startswith("limits.") else ("requests", "limits")
    found: list[tuple[Fraction, Path]] = []
    for key in CONTAINERS:
        for path, container in maps_at(share.spec, key):
            for part in parts:
                amount = quantity(map_at(container, "resources", part).get(name))
                if amount is not None:
                    found.append((amount, (*share.path, *path, "resources", part, name)))
                    break
    return max(found, key=lambda pair: pair[0])[1] if found else share.path


def _share(index: int, pod: Pod, most: int, given: Body) -> Share:
    surge = _surge(map_at(pod.holder, "spec"), most) if pod.owner == "apps/v1 Deployment" else 0
    more = sidecars.beside(map_at(pod.metadata, "annotations"), given)
    whole = {**pod.spec, "containers": [*list_at(pod.spec, "containers"), *more]} if more else pod.spec
    return Share(index, pod.path, most, surge, needs(whole, "requests"), needs(whole, "limits"), pod.spec)


def _scalers(objects: Gathered) -> Scalers:
    """By kind and name of what they scale, the namespaces of autoscalers and how far they go."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for _, scaler in objects.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = map_at(scaler, "spec", "scaleTargetRef")
        key = "maxReplicas" if scaler.get("kind") == "HorizontalPodAutoscaler" else "maxReplicaCount"
        most = _count(map_at(scaler, "spec").get(key), 0)
        named = text_at(target, "kind") or "Deployment", text_at(target, "name")
        found.setdefault(named, []).append((text_at(scaler, "metadata", "namespace"), most))
    return found


def _scaled(body: Body, scalers: Scalers) -> int:
    """How far an autoscaler goes; 0 where there is none."""
    name, namespace = text_at(body, "metadata", "name"), text_at(body, "metadata", "namespace")
    found = scalers.get((text_at(body, "kind"), name), ())
    return max((most for where, most in found if together(where, namespace)), default=0)


def _surge(spec: Body, pods: int) -> int:
    """A share of the pods is rounded up, as the Deployment controller does."""
    strategy = map_at(spec, "strategy")
    if strategy.get("type", "RollingUpdate") != "RollingUpdate":
        return 0
    wanted = map_at(strategy, "rollingUpdate").get("maxSurge", DEFAULT_SURGE)
    if isinstance(wanted, str) and wanted.endswith("%") and wanted[:-1].isdecimal() and len(wanted) <= LONGEST:
        return -(-pods * int(wanted[:-1]) // 100)
    return _count(wanted, 0)


def _of_a_custom_resource(body: Body, path: Path) -> int:
    """The product of all counts on the way to the pods."""
    pods = 1
    for end in range(1, len(path) + 1):
        pods *= _factor(map_at(body, *path[:end]))
    return pods


def _factor(value: Body) -> int:
    """What one map on the way multiplies by, as the operators of machine learning call it."""
    pods = 1
    most = [
        number for key in ("replicas", "maxReplicas", "minReplicas") if (number := number_at(value, key)) is not None
    ]
    pods *= _count(max(most), 0) if most else 1
    if "parallelism" in value or "completions" in value:
        pods *= _together(value)
    for key in ("numOfHosts", "numNodes", "maxReplicaCount", "parallelTrialCount"):
        pods *= _count(value.get(key), 1)
    return pods


def _together(job: Body) -> int:
    at_once, whole = _count(job.get("parallelism"), 1), job.get("completions")
    return min(at_once, _count(whole, at_once)) if whole is not None else at_once


def _count(value: Json, default: int) -> int:
    return min(max(value, 0), MOST) if isinstance(value, int) and not isinstance(value, bool) else default


def _own(container: Body, part: str) -> Amounts:
    """What is only limited is requested too."""
    limits, requests = (map_at(container, "resources", key) for key in ("limits", "requests"))
    said = {**limits, **requests} if part == "requests" else limits
    return {name: amount for name in said if (amount := quantity(said[name])) is not None}


def _add(total: dict[str, Fraction], more: Amounts) -> None:
    for name, amount in more.items():
        total[name] = total.get(name, Fraction(0)) + amount
