"""Objects together -> the containers that say nothing of a resource which their namespace gives no default for."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, at, map_at, maps_at, text_at
from mlgen.gathered import Gathered
from mlgen.node import Path
from mlgen.practice import containers

Silent = tuple[int, Path, Body]  # the number of the object, the place that lacks it, and the container


def silent(objects: Gathered, resource: str, *places: str) -> Iterator[Silent]:
    """Containers that name ``resource`` under none of ``places`` ("requests", "limits").

    A LimitRange among the objects says it for those of its namespace (plugin/pkg/admission/limitranger).
    """
    given = dict(_defaults(objects, resource))
    for index, pod in objects.pods:
        namespace = text_at(pod.holder, "metadata", "namespace")
        if containers.kind(pod) in containers.PARTS or any(place in given.get(namespace, ()) for place in places):
            continue
        whole = map_at(pod.spec, "resources")  # of the pod itself, from Kubernetes 1.34
        for path, container in containers.main(pod):
            if not any(_said(container.get("resources"), place, resource) for place in places) and not any(
                _said(whole, place, resource) for place in places
            ):
                yield index, containers.nearest_to(container, path, "resources", places[0]), container


def _said(resources: object, place: str, resource: str) -> bool:
    return isinstance(resources, dict) and quantity(at(resources, place, resource)) is not None


def _defaults(objects: Gathered, resource: str) -> Iterator[tuple[str, frozenset[str]]]:
    """By namespace, what a LimitRange there says of ``resource``."""
    for _, body in objects.of("LimitRange"):
        for _, limit in maps_at(body, "spec", "limits"):
            if limit.get("type") == "Container":
                said = {"requests"} if resource in map_at(limit, "defaultRequest") else set()
                if resource in map_at(limit, "default"):
                    said |= {"requests", "limits"}
                yield text_at(body, "metadata", "namespace"), frozenset(said)
