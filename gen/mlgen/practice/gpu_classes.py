"""An environment's classes of GPU, and the spec of a pod -> whether the pod gets to nodes of a class."""

from collections.abc import Mapping

from mlgen.body import Body, at, list_at, map_at, maps_at
from mlgen.node import Node


def classes(offer: Node) -> Mapping[str, Body]:
    """The classes by name, as plain JSON."""
    found = offer.get("gpus")
    plain = found.plain() if found is not None else {}
    return {key: one for key, one in plain.items() if isinstance(one, dict)} if isinstance(plain, dict) else {}


def name(offer: Node) -> str:
    """What the environment is called."""
    return str(offer["name"].value)


def tolerated(one: Body, spec: Body) -> bool:
    """Whether a pod tolerates all that the pods of a class have to."""
    own = [toleration for _, toleration in maps_at(spec, "tolerations")]
    return all(any(_covers(mine, wanted) for mine in own) for _, wanted in maps_at(one, "tolerations"))


def _covers(mine: Body, wanted: Body) -> bool:
    """Source: component-helpers/scheduling/corev1, ToleratesTaint."""
    if mine.get("effect") not in (None, "", wanted.get("effect")):
        return False
    if mine.get("operator") == "Exists":
        return mine.get("key") in (None, "", wanted.get("key"))
    return mine.get("key") == wanted.get("key") and (
        wanted.get("operator") == "Exists" or (mine.get("value") or "") == (wanted.get("value") or "")
    )


def chosen(one: Body, spec: Body) -> bool:
    """Whether a pod says that it wants the nodes of a class, by its node selector or its required affinity."""
    return all(_says(spec, key, value) for key, value in map_at(one, "nodeSelector").items())


def _says(spec: Body, key: str, value: object) -> bool:
    if map_at(spec, "nodeSelector").get(key) == value:
        return True
    rule = at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return any(
        wanted.get("key") == key and value in list_at(wanted, "values")
        for _, term in maps_at(rule, "nodeSelectorTerms")
        for _, wanted in maps_at(term, "matchExpressions")
    )
