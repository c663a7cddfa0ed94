"""A label selector and many objects -> the pods that it selects, as far as anybody can tell from their objects."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.gathered import Gathered, together
from mlgen.node import Json, Path
from mlgen.pods import Pod, pods

# Custom resources of these groups make no pods.
WITHOUT_PODS = (
    "monitoring.coreos.com",
    "external-secrets.io",
    "bitnami.com",
    "gateway.networking.k8s.io",
    "secrets-store.csi.x-k8s.io",
    "kueue.x-k8s.io",
    "keda.sh",
    "cert-manager.io",
    "kustomize.config.k8s.io",
    "kustomize.toolkit.fluxcd.io",
    "networking.istio.io",
    "mlgen.dev",
)
NATIVE = ("v1", "apps", "batch", "autoscaling", "policy")
SPARK: Mapping[str, Path] = {"SparkApplication": ("spec",), "ScheduledSparkApplication": ("spec", "template")}
# What controllers write into the labels of the pods that they make.
BY_CONTROLLERS = ("batch.kubernetes.io/", "statefulset.kubernetes.io/", "apps.kubernetes.io/", "kubernetes.io/")
BY_CONTROLLER = frozenset(("job-name", "controller-uid", "pod-template-hash", "controller-revision-hash"))


class Labelled(NamedTuple):
    """Pods, or a Service, of the body of that number: its labels, None where nobody can tell.

    ``open``: an operator may add labels. ``pod`` is None where its containers are not known.
    """

    body: int
    namespace: str
    labels: Body | None
    open: bool = False
    pod: Pod | None = None


def all_pods(objects: Gathered) -> list[Labelled]:
    """Every sort of pod that the objects make."""
    return [found for index, body in enumerate(objects.bodies) for found in _pods(index, body)]


def selected(selector: Body, namespace: str, among: list[Labelled]) -> list[Labelled]:
    """Those that a LabelSelector selects in ``namespace``."""
    return [one for one in among if together(one.namespace, namespace) and _matches(selector, one)]


def _pods(index: int, body: Body) -> Iterator[Labelled]:
    namespace, group = text_at(body, "metadata", "namespace"), text_at(body, "apiVersion").partition("/")[0]
    custom, some = group not in NATIVE, False
    for pod in pods(body):
        some = True
        labels = map_at(pod.metadata, "labels")
        yield Labelled(index, namespace, labels if labels or not custom else None, custom, pod)
    where = SPARK.get(text_at(body, "kind"))
    if where is not None and not some:
        for role in ("driver", "executor"):
            yield Labelled(index, namespace, map_at(body, *where, role, "labels"), open=True)
    elif not some and custom and "." in group and group not in WITHOUT_PODS and not group.endswith(".k8s.io"):
        yield Labelled(index, namespace, None, open=True)


def _matches(selector: Body, one: Labelled) -> bool:
    if one.labels is None:
        return True
    labels = one.labels
    wanted = map_at(selector, "matchLabels").items()
    return all(_added(key, one) or labels.get(key) == value for key, value in wanted) and all(
        _expressed(expression, one, labels) for _, expression in maps_at(selector, "matchExpressions")
    )


def _expressed(expression: Body, one: Labelled, labels: Body) -> bool:
    key, operator = text_at(expression, "key"), expression.get("operator")
    values: list[Json] = list_at(expression, "values")
    if _added(key, one):
        return True
    verdicts = {
        "In": key in labels and labels[key] in values,
        "NotIn": key not in labels or labels[key] not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }
    return verdicts.get(str(operator), True)


def _added(key: str, one: Labelled) -> bool:
    """Whether somebody may give the pod this label later."""
    if one.labels is None or key in one.labels:
        return False
    return one.open or key in BY_CONTROLLER or key.startswith(BY_CONTROLLERS)
