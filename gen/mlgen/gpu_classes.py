"""What a pod asks for, and an environment's classes of GPU -> which class its GPUs are of, and if it gets there."""

from collections.abc import Iterator

from mlgen.body import Body, at, list_at, map_at, maps_at
from mlgen.footprint import Share
from mlgen.node import Node
from mlgen.trace import said


def classes(offer: Node) -> dict[str, Node]:
    """The environment's classes of GPU by name."""
    found = offer.get("gpus")
    return dict(found.entries) if found is not None else {}


def gpus(share: Share, offer: Node) -> Iterator[tuple[str, str, int]]:
    """Each class that a pod asks GPUs of, its resource and how many; none where two classes are possible.

    Classes that share a resource differ in their nodes.
    """
    for resource, amount in share.requests.items():
        alike = {name: one for name, one in classes(offer).items() if said(one["resource"]) == resource}
        fitting = [name for name, one in alike.items() if "nodeSelector" in one and chosen(one, share.spec)]
        name = fitting[0] if len(fitting) == 1 else next(iter(alike)) if len(alike) == 1 else ""
        if name and amount:
            yield name, resource, int(amount)


def tolerated(one: Node, spec: Body) -> bool:
    """Whether a pod tolerates all that the pods of a class have to."""
    own = [toleration for _, toleration in maps_at(spec, "tolerations")]
    return all(any(_covers(mine, wanted) for mine in own) for _, wanted in maps_at(one.plain(), "tolerations"))


def _covers(mine: Body, wanted: Body) -> bool:
    """Source: component-helpers/scheduling/corev1, ToleratesTaint."""
    if mine.get("effect") not in (None, "", wanted.get("effect")):
        return False
    if mine.get("operator") == "Exists":
        return mine.get("key") in (None, "", wanted.get("key"))
    return mine.get("key") == wanted.get("key") and (
        wanted.get("operator") == "Exists" or (mine.get("value") or "") == (wanted.get("value") or "")
    )


def chosen(one: Node, spec: Body) -> bool:
    """Whether a pod says that it wants the nodes of a class, by its node selector or its required affinity."""
    return all(_says(spec, key, value) for key, value in map_at(one.plain(), "nodeSelector").items())


def _says(spec: Body, key: str, value: object) -> bool:
    if map_at(spec, "nodeSelector").get(key) == value:
        return True
    rule = at(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return any(
        wanted.get("key") == key and value in list_at(wanted, "values")
        for _, term in maps_at(rule, "nodeSelectorTerms")
        for _, wanted in maps_at(term, "matchExpressions")
    )
