"""A label selector and many objects -> the pods that it selects, as far as anybody can tell from their objects."""

from collections.abc import Iterable

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.gathered import Gathered, together
from mlgen.labelled import Labelled
from mlgen.node import Json

# What controllers write into the labels of the pods that they make.
BY_CONTROLLERS = ("batch.kubernetes.io/", "statefulset.kubernetes.io/", "apps.kubernetes.io/", "kubernetes.io/")
BY_CONTROLLER = frozenset(("job-name", "controller-uid", "pod-template-hash", "controller-revision-hash"))


def candidates(selector: Body, objects: Gathered) -> Iterable[Labelled]:
    """The pods that a LabelSelector may select: those with one of its labels, and those that may get it later."""
    for key, value in map_at(selector, "matchLabels").items():
        if isinstance(value, str) and not _given_later(key):
            return (*objects.by_label.get((key, value), ()), *objects.vague)
    return objects.labelled


def selected(selector: Body, namespace: str, among: Iterable[Labelled]) -> list[Labelled]:
    """Those that a LabelSelector selects in ``namespace``."""
    return [one for one in among if together(one.namespace, namespace) and _matches(selector, one)]


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
    return one.open or _given_later(key)


def _given_later(key: str) -> bool:
    return key in BY_CONTROLLER or key.startswith(BY_CONTROLLERS)
