"""An imported object -> what must be found again in what the spec builds, and notes of what need not be.

That is all it says, but for what the API server would say by itself, what only the cluster writes, what an environment
says, and what mlgen writes in its own way without a difference to anybody.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from mlgen.hatch import OURS
from mlgen.imports.defaults import is_default
from mlgen.imports.form import Form
from mlgen.imports.hidden import HIDDEN, without
from mlgen.imports.note import Note, place
from mlgen.imports.source import Source, text
from mlgen.node import Json, Node, Path

CLUSTER = "the cluster writes it"
LABELS = "mlgen's own labels select"
CLAIM = "a claim of mlgen's own, which the data makes"
OWN = "mlgen sets it itself"
NAMESPACE: Path = ("metadata", "namespace")
# Places that no object of mlgen's has from a spec, and why.
ELSEWHERE: Mapping[Path, str] = {
    ("status",): CLUSTER,
    ("metadata", "uid"): CLUSTER,
    ("metadata", "resourceVersion"): CLUSTER,
    ("metadata", "generation"): CLUSTER,
    ("metadata", "managedFields"): CLUSTER,
    ("metadata", "selfLink"): CLUSTER,
    ("metadata", "ownerReferences"): CLUSTER,
    ("metadata", "annotations", "deployment.kubernetes.io/revision"): CLUSTER,
    ("metadata", "creationTimestamp"): CLUSTER,
    NAMESPACE: "the environment's `namespace`",
    ("metadata", "labels", "kueue.x-k8s.io/queue-name"): "the environment's `queue`",
    ("metadata", "labels", "argocd.argoproj.io/instance"): CLUSTER,
}
SILENT: tuple[Path, ...] = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "generateName"))


class Wanted(NamedTuple):
    """What must be found in an object of ``kind``; ``moves`` tells where in it a place of the source is."""

    kind: str
    body: Node
    notes: list[Note]


def wanted(source: Source, form: Form, selectors: Mapping[str, str], claims: Collection[str] = ()) -> Wanted:
    """``selectors`` are the labels by which the imported objects find each other's pods; ``claims`` are data."""
    notes: list[Note] = []
    body = source.body
    for path, where in ELSEWHERE.items():
        if body.find(*path) is not None:
            notes.append(Note(place(body, path), path, where))
            body = without(body, path)
    for path in form.wiring:
        found = body.find(*path)
        if found is not None:
            notes.append(Note(place(body, path), path, form.wired))
            body = without(body, path)
    for path in (*SILENT, *form.silent):
        body = without(body, path)
    for path in _labels(body, selectors):
        notes.append(Note(place(body, path), path, LABELS if path[-1] in selectors else OWN))
        body = without(body, path)
    for path in [path for path, node in body.leaves() if path[-1:] == ("claimName",) and str(node.value) in claims]:
        notes.append(Note(place(body, path), path, CLAIM))
        body = without(body, path)
    body = _lean(source.kind, _without_secrets(body))
    kind = form.becomes(source.body)
    return Wanted(kind or source.kind, _moved(body, form, source, notes) if kind else body, notes)


def _labels(body: Node, selectors: Mapping[str, str]) -> Iterator[Path]:
    """Labels that only say whose pods they are, or that mlgen writes, wherever they stand."""
    for path, _ in body.leaves():
        if len(path) > 1 and path[-2] == "labels" and isinstance(path[-1], str):
            value = body.nearest(path).value
            ours = path[-1] in OURS or path[-1].startswith("mlgen.dev/")
            if ours or selectors.get(path[-1]) == value:
                yield path


def _without_secrets(node: Node) -> Node:
    """Without variables whose values are hidden: they come from secrets."""
    if isinstance(node.value, dict):
        found = {key: _without_secrets(item) for key, item in node.entries.items()}
        env = found.get("env")
        if env is not None and isinstance(env.value, list):
            kept = [item for item in env.items if not _is_hidden(item)]
            found["env"] = replace(env, value=kept)
        return replace(node, value=found)
    if isinstance(node.value, list):
        return replace(node, value=[_without_secrets(item) for item in node.items])
    return node


def _is_hidden(item: Node) -> bool:
    value = item.get("value")
    return value is not None and value.value == HIDDEN


def _lean(kind: str, node: Node, path: Path = ()) -> Node:
    """Without what the API server says by itself, nulls, and what is empty."""
    if isinstance(node.value, dict):
        beside: dict[str, Json] = {key: item.plain() for key, item in node.entries.items() if _is_leaf(item)}
        found = {}
        for key, item in node.entries.items():
            here = (*path, key)
            lean = _lean(kind, item, here)
            if lean.value is not None and not is_default(kind, here, lean.plain(), beside) and not _emptied(item, lean):
                found[key] = lean
        return replace(node, value=found)
    if isinstance(node.value, list):
        return replace(node, value=[_lean(kind, item, (*path, index)) for index, item in enumerate(node.items)])
    return node


def _is_leaf(node: Node) -> bool:
    return not isinstance(node.value, (dict, list))


def _emptied(before: Node, after: Node) -> bool:
    """Whether nothing is left of a map or list of which something was taken."""
    return after.value in ({}, []) and bool(before.value)


def _moved(body: Node, form: Form, source: Source, notes: list[Note]) -> Node:
    """The object as one of the kind that it becomes; what has no place there is noted."""
    metadata = body.get("metadata")
    found: dict[str, Node] = {"metadata": metadata} if metadata is not None else {}
    spec: dict[str, Node] = {}
    for old, new in form.moved.items():
        node = body.find(*old)
        if node is not None:
            spec[str(new[-1])] = node
            body = without(body, old)
    for path, node in body.leaves():
        if path[:1] == ("spec",) and not (path[-1] == "replicas" or node.value in ({}, [])):
            where = f"a {source.kind} of one pod is a Job, which has no such field"
            notes.append(Note(node.span, path, where, lost=True))
    return replace(body, value={**found, "spec": replace(body, value=spec)})


def kept(source: Source, home: str) -> Wanted:
    """What of an object stays whole: all but what only the cluster writes, and the namespace where that is ``home``."""
    body = source.body
    notes = []
    generated = body.find("metadata", "generateName")
    if generated is not None:
        where = f"the API server would give it a name; in git it has one, `{source.name}`"
        notes.append(Note(generated.span, ("metadata", "generateName"), where, lost=True))
        metadata = without(body, ("metadata", "generateName"))["metadata"]
        named = {"name": replace(generated, value=source.name), **metadata.entries}
        body = replace(body, value={**body.entries, "metadata": replace(metadata, value=named)})
    for path, where in ELSEWHERE.items():
        at_home = path == NAMESPACE and text(body, *path) == home
        if (where is CLUSTER or at_home) and body.find(*path) is not None:
            notes.append(Note(place(body, path), path, where))
            body = without(body, path)
    for path in _labels(body, {}):
        notes.append(Note(place(body, path), path, OWN))
        body = without(body, path)
    return Wanted(source.kind, body, notes)
