"""A workload's objects and its ``patches`` -> the objects with those partial ones laid over them.

It comes before a run is named and before anything is checked: what a patch makes is held to what everything else is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mlgen.node import Json, Node, Path
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.suggest import did_you_mean
from mlgen.trace import Draft, Made, said, split

RULE_ID = "patch-hits-nothing"
KEY = "patches"
ADDRESS = ("kind", "name")  # says which object is meant; the rest is laid over it
# What tells the items of a list apart (Kubernetes' own merge keys, but a port is known by any of what names it).
NAMES: Mapping[str, tuple[str, ...]] = {
    "ports": ("name", "containerPort", "port"),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",),
    "workerGroupSpecs": ("groupName",),
}
NAME = ("name",)
OURS = ("app.kubernetes.io/name", "app.kubernetes.io/managed-by")


def whole(workload: Workload, objects: Iterable[Object]) -> list[Object]:
    """``objects`` of ``workload``, patched; a run is already, since its name says so.

    Raises MlgenError for a patch that hits none of them.
    """
    drafts = list(objects)
    if problems := list(_misses(workload, drafts)):
        raise MlgenError(*problems)
    return [
        draft if draft.run else draft._replace(body=patched(workload, draft.body, name_of(draft))) for draft in drafts
    ]


def patched(workload: Workload, body: Mapping[str, Draft], name: str) -> Mapping[str, Draft]:
    """``body``, one object, under the workload's patches; ``name`` is its own, of a run without the hash."""
    for patch in patches(workload):
        if hits(workload, patch, name, body):
            body = over(body, patch)
    return body


def over(body: Mapping[str, Draft], patch: Node) -> Mapping[str, Draft]:
    """``body``, one object, under one patch that is meant for it."""
    laid_over = {key: laid(body.get(key), node, key) for key, node in patch.entries.items() if key not in ADDRESS}
    return {**body, **laid_over}


def laid(draft: Draft, patch: Node, field: str) -> Draft:
    """``patch`` laid over ``draft``, the value of ``field``: maps by key, lists of named maps by name, any other list
    as a whole; null takes away."""
    if patch.value is None:
        return None
    value, sources = _opened(draft)
    if isinstance(patch.value, dict) and isinstance(value, Mapping):
        changed = {key: laid(value.get(key), node, key) for key, node in patch.entries.items()}
        return _closed({**value, **changed}, sources)
    if isinstance(value, (list, tuple)) and joins(patch, field):
        return _closed(_joined(value, patch.items, NAMES.get(field, NAME)), sources)
    clean = without_nulls(patch)
    return clean.over(draft) if isinstance(draft, Node) else clean


def joins(patch: Node, field: str) -> bool:
    """Whether a list, the value of ``field``, is laid over another one item by item: all of its items have names."""
    return bool(patch.items) and all(_named(item.plain(), NAMES.get(field, NAME)) for item in patch.items)


def names_of(path: Path) -> tuple[str, ...]:
    """What names the item of a list at ``path``, which ends in the list's field and the item's number."""
    return NAMES.get(str(path[-2]), NAME)


def _joined(before: Sequence[Draft], items: Iterable[Node], names: tuple[str, ...]) -> list[Draft]:
    """Each of ``items`` over the one of its name; one that is new comes at the end."""
    result = list(before)
    for item in items:
        plain = item.plain()
        for index, old in enumerate(result):
            if _same(_plain(old), plain, names):
                result[index] = laid(old, item, "")
                break
        else:
            result.append(without_nulls(item))
    return result


def _same(old: Json, new: Json, names: tuple[str, ...]) -> bool:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return False
    return any(name in old and name in new and old[name] == new[name] for name in names)


def _named(item: Json, names: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and any(name in item for name in names)


def _misses(workload: Workload, drafts: Sequence[Object]) -> Iterator[Problem]:
    for patch in patches(workload):
        yield from own_labels(patch)
    there = [(_plain(draft.body["kind"]), name_of(draft)) for draft in drafts]
    for patch in patches(workload):
        if any(hits(workload, patch, name_of(draft), draft.body) for draft in drafts):
            continue
        kind, name = said(patch["kind"]), patch.get("name")
        named = [other for known, other in there if known == kind]
        if name is None or not named:
            message = f"nothing that `{workload.name}` makes here is a {kind}"
            hint = did_you_mean(kind, sorted({str(known) for known, _ in there}))
            yield Problem(RULE_ID, patch["kind"].span, message, hint or "remove the patch")
        else:
            message = f"`{workload.name}` makes no {kind} `{said(name)}` here"
            hint = did_you_mean(said(name), named)
            yield Problem(RULE_ID, name.span, message, hint or "remove the name: then every one is patched")


def own_labels(document: Node) -> Iterator[Problem]:
    """Labels of a partial or whole object that mlgen sets itself: selectors trust them."""
    found = document.find("metadata", "labels")
    for name in found.entries if found is not None else ():
        if found is not None and (name in OURS or name.startswith("mlgen.dev/")):
            yield Problem("own-label", found.key_span(name), f"`{name}` is a label that mlgen sets itself", "remove it")


def hits(workload: Workload, patch: Node, name: str, body: Mapping[str, Draft]) -> bool:
    """Whether the object ``body`` is meant. A name may be written without the project's, which it has in a shared
    namespace; ``name`` is the object's own, of a run without the hash."""
    written = patch.get("name")
    names = () if written is None else (said(written), workload.site.object_name(said(written)))
    return said(patch["kind"]) == _plain(body["kind"]) and (written is None or name in names)


def patches(workload: Workload) -> list[Node]:
    """The patches of a workload in their order."""
    listed = workload.spec.get(KEY)
    return listed.items if listed is not None else []


def name_of(draft: Object) -> str:
    """The object's name as patches know it: of a run without the hash."""
    metadata = _plain(draft.body["metadata"])
    name = str(metadata["name"]) if isinstance(metadata, dict) else ""
    return name.rpartition("-")[0] if draft.run else name


def _plain(draft: Draft) -> Json:
    return split(draft, ())[0]


def _opened(draft: Draft) -> tuple[Draft, tuple[Node, ...]]:
    """What a draft is, without what it is wrapped in, and the places behind it."""
    sources: tuple[Node, ...] = ()
    while isinstance(draft, (Node, Made)):
        sources = (draft,) if isinstance(draft, Node) else draft.sources or sources
        draft = draft.value
    return draft, sources


def _closed(value: Draft, sources: tuple[Node, ...]) -> Draft:
    """What was opened, wrapped again: a plain mapping stays one, as others who look into a body expect."""
    return Made(value, sources) if sources else value


def without_nulls(node: Node) -> Node:
    """``node`` without its nulls: in what is new there is nothing that they could take away."""
    if isinstance(node.value, dict):
        return replace(
            node, value={key: without_nulls(one) for key, one in node.entries.items() if one.value is not None}
        )
    if isinstance(node.value, list):
        return replace(node, value=[without_nulls(item) for item in node.items])
    return node
