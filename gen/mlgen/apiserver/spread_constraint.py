"""Constraints on where a pod's fellows are, which contradict themselves."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="spread-constraint",
    title="A spread constraint or an affinity term that contradicts itself",
    why="The API server refuses the pod: a label is compared by its key or selected by its value, and two pods "
    "cannot both agree in it and differ.",
    bad="labelSelector: {matchLabels: {app: serve}}\nmatchLabelKeys: [app]",
    good="labelSelector: {matchLabels: {app: serve}}\nmatchLabelKeys: [pod-template-hash]",
    source="kubernetes/pkg/apis/core/validation: validateTopologySpreadConstraints, "
    "validateMatchLabelKeysAndMismatchLabelKeys; KEP-3022, KEP-3243, KEP-3633",
)
KEYS, OTHER_KEYS = "matchLabelKeys", "mismatchLabelKeys"
REQUIRED, PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)


def check(pod: Pod) -> Iterator[Fault]:
    """Each constraint and each term."""
    if pod.spec.get("topologySpreadConstraints"):
        for where, constraint in maps_at(pod.spec, "topologySpreadConstraints"):
            yield from _constraint((*pod.path, *where), constraint)
    for sort in ("podAffinity", "podAntiAffinity") if "affinity" in pod.spec else ():
        terms = map_at(pod.spec, "affinity", sort)
        for where, term in maps_at(terms, REQUIRED):
            yield from _keys((*pod.path, "affinity", sort, *where), term)
        for where, term in maps_at(terms, PREFERRED):
            inner = (*pod.path, "affinity", sort, *where, "podAffinityTerm")
            yield from _keys(inner, map_at(term, "podAffinityTerm"))


def _constraint(path: Path, constraint: Body) -> Iterator[Fault]:
    yield from _keys(path, constraint)
    selector = map_at(constraint, "labelSelector")
    selected = {
        *map_at(selector, "matchLabels"),
        *(text_at(one, "key") for _, one in maps_at(selector, "matchExpressions")),
    }
    for index, key in enumerate(list_at(constraint, KEYS)):
        if isinstance(key, str) and key in selected:
            message = f"{code(key)} is in `labelSelector` too"
            yield Fault((*path, KEYS, index), RULE.id, message, "name it in one of the two")


def _keys(path: Path, term: Body) -> Iterator[Fault]:
    keys = list_at(term, KEYS)
    for index, key in enumerate(list_at(term, OTHER_KEYS)):
        if key in keys:
            message = f"{code(key)} cannot both be the same and be different"
            yield Fault((*path, OTHER_KEYS, index), RULE.id, message, "take it out of one of the two lists")
