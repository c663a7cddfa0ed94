"""What a kustomization says of all its objects -> the objects with that namespace, those names, labels and images."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mlgen.extra import IN_NO_NAMESPACE
from mlgen.image_name import parse
from mlgen.imports.hidden import with_value
from mlgen.imports.merging import laid_over, refused
from mlgen.imports.source import Source, text
from mlgen.node import Node, Path

Transformer = Callable[[Sequence[Source], Node], list[Source]]
# By the key that refers to an object, the kind that is meant; where the name is a map's entry, by the map's key.
NAMED = {"claimName": "PersistentVolumeClaim", "serviceAccountName": "ServiceAccount", "secretName": "Secret"}
IN_A_MAP = {
    **dict.fromkeys(("configMap", "configMapRef", "configMapKeyRef"), "ConfigMap"),
    **dict.fromkeys(("secretRef", "secretKeyRef"), "Secret"),
}
SELECTED: Mapping[str, tuple[Path, ...]] = {
    "Deployment": (("spec", "selector", "matchLabels"), ("spec", "template", "metadata", "labels")),
    "StatefulSet": (("spec", "selector", "matchLabels"), ("spec", "template", "metadata", "labels")),
    "Service": (("spec", "selector"),),
    "Job": (("spec", "template", "metadata", "labels"),),
    "CronJob": (("spec", "jobTemplate", "spec", "template", "metadata", "labels"),),
}
SCALED = frozenset(("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"))
TEMPLATES = ("template", "metadata", "labels")


def namespaced(found: Sequence[Source], node: Node) -> list[Source]:
    """All that is in a namespace, in this one."""
    return [one if one.kind in IN_NO_NAMESPACE else _with(one, ("metadata", "namespace"), node) for one in found]


def prefixed(found: Sequence[Source], node: Node) -> list[Source]:
    """Each with the text before its name."""
    return _renamed(found, lambda name: f"{node.value}{name}")


def suffixed(found: Sequence[Source], node: Node) -> list[Source]:
    """Each with the text after its name."""
    return _renamed(found, lambda name: f"{name}{node.value}")


def labelled(found: Sequence[Source], node: Node) -> list[Source]:
    """`commonLabels`: on each object, on its pods and in what selects them."""
    for key, value in node.entries.items():
        found = [_label(one, key, value, [("metadata", "labels"), *SELECTED.get(one.kind, ())]) for one in found]
    return list(found)


def pairs(found: Sequence[Source], node: Node) -> list[Source]:
    """`labels`: each group as far as it says."""
    for group in node.items:
        selectors, templates = (
            (flag := group.get(key)) is not None and flag.value is True
            for key in ("includeSelectors", "includeTemplates")
        )
        labels = group.get("pairs")
        for key, value in (labels.entries if labels is not None else {}).items():
            found = [_label(one, key, value, _places(one, selectors=selectors, templates=templates)) for one in found]
    return list(found)


def annotated(found: Sequence[Source], node: Node) -> list[Source]:
    """`commonAnnotations`: on each object, and on the pods of Kubernetes' own kinds."""
    for key, value in node.entries.items():
        places = {one.title: [("metadata", "annotations"), *_pods(one, "annotations")] for one in found}
        found = [_label(one, key, value, places[one.title]) for one in found]
    return list(found)


def imaged(found: Sequence[Source], node: Node) -> list[Source]:
    """Every container's image under its other name, tag or digest."""
    return [one._replace(body=_imaged(one.body, node.items)) for one in found]


def counted(found: Sequence[Source], node: Node) -> list[Source]:
    """Objects by their names with so many replicas."""
    for item in node.items:
        count = item.get("count")
        named = [one for one in found if one.kind in SCALED and one.is_called(text(item, "name"))]
        if count is None or not named:
            raise refused(item, "no object that is read here has this name")
        found = [_with(one, ("spec", "replicas"), count) if one in named else one for one in found]
    return list(found)


# In the order in which Kustomize does them.
TRANSFORMERS: Mapping[str, Transformer] = {
    "namespace": namespaced,
    "namePrefix": prefixed,
    "nameSuffix": suffixed,
    "commonLabels": labelled,
    "labels": pairs,
    "commonAnnotations": annotated,
    "replicas": counted,
    "images": imaged,
}


def _with(source: Source, path: Path, value: Node) -> Source:
    """The object with ``value`` at ``path``, whatever was there."""
    patch = value
    for key in reversed(path):
        patch = Node({str(key): patch}, value.span, {str(key): value.span})
    return source._replace(body=laid_over(source.body, patch))


def _label(source: Source, key: str, value: Node, places: Sequence[Path]) -> Source:
    for path in places:
        if path[:1] == ("metadata",) or source.body.find(*path[:-1]) is not None:
            source = _with(source, (*path, key), value)
    return source


def _places(source: Source, *, selectors: bool, templates: bool) -> list[Path]:
    found: list[Path] = [("metadata", "labels")]
    for path in SELECTED.get(source.kind, ()):
        if selectors or (templates and path[-3:] == TEMPLATES):
            found.append(path)
    return found


def _pods(source: Source, word: str) -> list[Path]:
    return [(*path[:-1], word) for path in SELECTED.get(source.kind, ()) if path[-3:] == TEMPLATES]


def _renamed(found: Sequence[Source], name: Callable[[str], str]) -> list[Source]:
    """Each under its new name, and what refers to it."""
    names = {(one.kind, one.name): name(one.name) for one in found}
    return [
        Source(_referring(_with_name(one, names[one.kind, one.name]).body, names, ""), one.own or one.name)
        for one in found
    ]


def _with_name(source: Source, name: str) -> Source:
    node = source.body.find("metadata", "name")
    if node is None:
        return source
    return source._replace(body=with_value(source.body, ("metadata", "name"), replace(node, value=name)))


def _referring(node: Node, names: Mapping[tuple[str, str], str], field: str) -> Node:
    if isinstance(node.value, dict):
        found = {}
        for key, item in node.entries.items():
            kind = IN_A_MAP.get(field) if key == "name" else NAMED.get(key)
            new = names.get((kind, item.value)) if kind is not None and isinstance(item.value, str) else None
            found[key] = replace(item, value=new) if new is not None else _referring(item, names, key)
        return replace(node, value=found)
    if isinstance(node.value, list):
        return replace(node, value=[_referring(item, names, "") for item in node.items])
    return node


def _imaged(node: Node, images: Sequence[Node]) -> Node:
    if isinstance(node.value, dict):
        found = {key: _imaged(item, images) for key, item in node.entries.items()}
        for key in ("containers", "initContainers"):
            listed = found.get(key)
            if listed is not None and listed.items:
                found[key] = replace(listed, value=[_container(item, images) for item in listed.items])
        return replace(node, value=found)
    if isinstance(node.value, list):
        return replace(node, value=[_imaged(item, images) for item in node.items])
    return node


def _container(container: Node, images: Sequence[Node]) -> Node:
    image = container.get("image")
    if image is None or not isinstance(image.value, str):
        return container
    reference = parse(image.value)
    for item in images:
        if text(item, "name") == reference.repository:
            repository = text(item, "newName") or reference.repository
            tag, digest = text(item, "newTag"), text(item, "digest")
            changed = reference._replace(repository=repository)
            if tag or digest:
                changed = changed._replace(tag=tag, digest=digest)
            place = item.get("newTag") or item.get("digest") or item.get("newName") or item
            return with_value(container, ("image",), replace(image, value=str(changed), span=place.span))
    return container
