"""Finished objects and the components of their environment -> the objects as Kustomize makes them of both."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mlgen.components import FOLDER, Component, Components
from mlgen.components.lists import is_native
from mlgen.extra import IN_NO_NAMESPACE
from mlgen.hatch import own_labels
from mlgen.laying.merging import Built, lifted, merged, operated
from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.objects import labels
from mlgen.patch import same
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site
from mlgen.trace import Draft, said, split

ID = "bad-component"


def named(environment: Node, components: Components) -> list[Component]:
    """The components of an environment that are sound, in their order."""
    listed = environment.get(FOLDER)
    names = [said(item) for item in listed.items] if listed is not None else []
    return [components.every[name] for name in names if name in components.every]


def applied(manifests: Iterable[Manifest], components: Sequence[Component]) -> list[Manifest]:
    """What Kustomize makes of ``manifests``. Raises MlgenError for a patch that an object has no place for."""
    result = list(manifests)
    for component in components:
        result += [_added(node, result) for node in component.resources]
        for patch in component.patches:
            result = [_patched(one, patch.document) if _meant(patch.target, one) else one for one in result]
    return result


def settled(manifests: Iterable[Manifest], site: Site) -> list[Manifest]:
    """``manifests`` with the namespace and the labels of the project on what a component added."""
    return [_settled(one, site) if _is_added(one) else one for one in manifests]


def _added(node: Node, there: Sequence[Manifest]) -> Manifest:
    """An object of a component. Raises MlgenError where there is one of that name, or it says mlgen's own labels."""
    if problems := list(own_labels(node)):
        raise MlgenError(*problems)
    added = _finished(node, (node,), Manifest({}, {}, shared=False))
    for other in there:
        if other.ref[:2] == added.ref[:2] and other.ref.name == added.ref.name:
            place, related = node["metadata"]["name"].span, ((other.cause(("metadata", "name")), "the other one"),)
            message = f"there is a {other.title} already, of the project or of another component"
            raise MlgenError(Problem(ID, place, message, "give it another name", related=related))
    return added


def _finished(draft: Draft, because: tuple[Node, ...], one: Manifest) -> Manifest:
    body, origins = split(draft, because)
    if not isinstance(body, dict):
        raise TypeError("an object is a map")
    return one._replace(body=body, origins=origins)


def _is_added(one: Manifest) -> bool:
    metadata = one.body.get("metadata")
    found = metadata.get("labels") if isinstance(metadata, dict) else None
    return not (isinstance(found, dict) and "mlgen.dev/project" in found)


def _settled(one: Manifest, site: Site) -> Manifest:
    draft = lifted(one.body, one.origins)
    metadata = draft["metadata"] if isinstance(draft, dict) else {}
    if not isinstance(draft, dict) or not isinstance(metadata, dict):
        raise TypeError("an object has metadata")
    own = metadata.get("labels")
    more: dict[str, Draft] = {"labels": {**(own if isinstance(own, dict) else {}), **labels(site, None)}}
    if one.ref.kind not in IN_NO_NAMESPACE:
        more["namespace"] = site.namespace
    return _finished({**draft, "metadata": {**metadata, **more}}, (), one)


def _meant(target: Node, one: Manifest) -> bool:
    """Whether ``target`` names the object, as Kustomize reads it: patterns are of the whole."""
    group, version = one.ref.group, str(one.body["apiVersion"]).rpartition("/")[2]
    found = {"group": group, "version": version, "kind": one.ref.kind, "name": one.ref.name}
    return all(re.fullmatch(_pattern(said(node)), found[key]) for key, node in target.entries.items())


def _pattern(text: str) -> str:
    """``.*`` is all that means something; in versions and groups a dot is a dot."""
    return ".*".join(map(re.escape, text.split(".*")))


def _part(document: Node) -> Node:
    """What a partial object changes: not what it is called."""
    metadata = document["metadata"]
    about = {key: node for key, node in metadata.entries.items() if key != "name"}
    inner = {key: node for key, node in document.entries.items() if key not in ("apiVersion", "kind", "metadata")}
    return replace(document, value={**inner, **({"metadata": replace(metadata, value=about)} if about else {})})


def _filled(draft: Built) -> Built:
    """Labels and annotations of which nothing is left go, as Kustomize has it."""
    metadata = draft.get("metadata") if isinstance(draft, dict) else None
    if not isinstance(draft, dict) or not isinstance(metadata, dict):
        return draft
    kept = {key: value for key, value in metadata.items() if value != {} or key not in ("labels", "annotations")}
    return {**draft, "metadata": kept}


def _patched(one: Manifest, document: Node) -> Manifest:
    draft = lifted(one.body, one.origins)
    if document.entries:
        draft = merged(draft, _part(document), "", native=is_native(one.ref.group))
    for operation in document.items:
        try:
            draft = operated(draft, operation)
        except LookupError:
            place = operation["path"]
            message = f"{one.title} has nothing at `{place.value}` that could be changed"
            hint = "add what is around it first, or narrow the `target`"
            raise MlgenError(Problem(ID, place.span, message, hint)) from None
    result = _finished(_filled(draft), (document,), one)
    if one.run and not same(result.body.get("spec"), one.body.get("spec")):
        message = f"no component changes the run {one.title}: its name says what it is"
        raise MlgenError(Problem(ID, document.span, message, "narrow the `target`, or say it in the environment"))
    return result
