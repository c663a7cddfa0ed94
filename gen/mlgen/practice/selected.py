"""A label selector and labels -> whether it selects them; objects together -> who runs how often, at least."""

from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.gathered import Gathered
from mlgen.pods import Pod
from mlgen.practice.containers import SERVING


class Scaled(NamedTuple):
    """Something that runs several pods: its number among the objects, its pod, and how many there are at least."""

    number: int
    pod: Pod
    least: int


def selects(selector: Body, labels: Body) -> bool:
    """Whether ``selector`` (`matchLabels` and `matchExpressions`; an empty one selects all) fits ``labels``.

    Source: apimachinery/pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector.
    """
    if any(labels.get(key) != value for key, value in map_at(selector, "matchLabels").items()):
        return False
    return all(_holds(wanted, labels) for _, wanted in maps_at(selector, "matchExpressions"))


def _holds(wanted: Body, labels: Body) -> bool:
    value, values = labels.get(text_at(wanted, "key")), list_at(wanted, "values")
    match wanted.get("operator"):
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False


def scaled(objects: Gathered) -> list[Scaled]:
    """Every Deployment and StatefulSet; what scales one, of the same objects, says how many pods it keeps."""
    least = {}
    for _, body in objects.of("HorizontalPodAutoscaler", "ScaledObject"):
        said = number_at(body, "spec", "minReplicas" if body.get("kind") != "ScaledObject" else "minReplicaCount")
        found = target(body, objects)
        if found is not None:
            least[found] = said if said is not None else 1 if body.get("kind") != "ScaledObject" else 0
    result = []
    for index, pod in objects.pods:
        if pod.owner in SERVING:
            own = number_at(pod.holder, "spec", "replicas")
            result.append(Scaled(index, pod, least.get(index, 1 if own is None else own)))
    return result


def target(scaler: Body, objects: Gathered) -> int | None:
    """The number of the object that a HorizontalPodAutoscaler or a ScaledObject scales."""
    named = map_at(scaler, "spec", "scaleTargetRef")
    kind = text_at(named, "kind") or ("Deployment" if scaler.get("kind") == "ScaledObject" else "")
    return objects.find(kind, text_at(named, "name"), text_at(scaler, "metadata", "namespace"))
