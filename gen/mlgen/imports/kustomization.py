"""The files of kustomizations -> the objects of each, as far as that can be read without Kustomize itself.

Resources, patches, names, namespaces, labels, annotations, images and replicas are read; what only Kustomize makes,
such as generated ConfigMaps and charts, is refused with the way out. https://kubectl.docs.kubernetes.io/references/
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mlgen import document
from mlgen.imports import labelling
from mlgen.imports.merging import changed, laid_over, refused
from mlgen.imports.source import Source, sources, text
from mlgen.ingredients import NAMES, is_kustomization
from mlgen.node import Node
from mlgen.problem import Problem, errors

DEEPEST = 20
HEAD = frozenset(("apiVersion", "kind", "metadata", "openapi"))
RESOURCES = ("resources", "bases")
PATCHES = ("patchesStrategicMerge", "patches", "patchesJson6902")


class Files(NamedTuple):
    """Files by their paths, kustomizations among them; ``texts`` and ``problems`` are what came of reading them."""

    data: Mapping[str, bytes]
    texts: dict[str, str]
    problems: list[Problem]

    def documents(self, file: str) -> tuple[Node, ...]:
        """The documents of a file; none where it cannot be read, which is told."""
        parsed = document.parse(self.data[file], file=file, dialect="kubernetes")
        self.texts[file] = parsed.text
        self.problems.extend(parsed.problems)
        return () if errors(parsed.problems) else parsed.documents

    def kustomization(self, folder: str) -> str:
        """The kustomization of a folder; an empty text where there is none."""
        found = (posixpath.normpath(posixpath.join(folder, name)) for name in sorted(NAMES))
        return next((file for file in found if file in self.data), "")


def folders(files: Files, file: str) -> list[str]:
    """The folders that a kustomization builds on."""
    parsed = document.parse(files.data[file], file=file, dialect="kubernetes")
    listed = [item for root in parsed.documents for key in RESOURCES for item in _items(root, key)]
    paths = [_path(file, item) for item in listed]
    return [path for path in paths if path and not path.endswith((".yaml", ".yml", ".json"))]


def roots(files: Files, sought: Sequence[str]) -> list[str]:
    """Those of ``sought`` kustomizations on which no other builds."""
    taken = {files.kustomization(folder) for file in sought for folder in folders(files, file)}
    return [file for file in sought if file not in taken] or list(sought)


def objects(files: Files, file: str, depth: int = 0) -> list[Source]:
    """The objects of a kustomization. Raises MlgenError for what only Kustomize does."""
    found: list[Source] = []
    for root in files.documents(file):
        _known(root)
        for key in RESOURCES:
            for item in _items(root, key):
                found += _resource(files, file, item, depth)
        for key in PATCHES:
            for patch in _items(root, key):
                found = _patched(files, file, patch, found)
        for key, transform in labelling.TRANSFORMERS.items():
            if key in root:
                found = transform(found, root[key])
    return found


def _known(root: Node) -> None:
    known = {*HEAD, *RESOURCES, *PATCHES, *labelling.TRANSFORMERS}
    for key, node in root.entries.items():
        if key not in known and node.value not in (None, {}, []):
            raise refused(replace(node, span=root.key_span(key)), f"`{key}` is something that only Kustomize does")


def _resource(files: Files, file: str, item: Node, depth: int) -> list[Source]:
    path = _path(file, item)
    inner = files.kustomization(path)
    if path in files.data and not is_kustomization(path):
        return list(sources(files.documents(path), files.problems))
    if inner and inner != file and depth < DEEPEST:
        return objects(files, inner, depth + 1)
    raise refused(item, f"there is no `{text(Node({'': item}, item.span), '')}` here")


def _patched(files: Files, file: str, patch: Node, found: list[Source]) -> list[Source]:
    """What a patch, in a file, inline or with a target, makes of the objects that it means."""
    target = patch.get("target")
    for inner in _documents(files, file, patch):
        operations = isinstance(inner.value, list)
        wanted = target if target is not None else inner
        hit = [source for source in found if _means(wanted, source, by_object=target is None)]
        if not hit or (operations and target is None):
            raise refused(patch, "this patch hits nothing that is read here")
        lay: Callable[[Node, Node], Node] = changed if operations else laid_over
        found = [one._replace(body=lay(one.body, inner)) if one in hit else one for one in found]
    return found


def _documents(files: Files, file: str, patch: Node) -> Iterator[Node]:
    """The patch itself: YAML in the kustomization, or in a file that it names."""
    inline = patch.value if isinstance(patch.value, str) else text(patch, "patch")
    if isinstance(patch.value, str) and "\n" not in patch.value:
        path = _path(file, patch)
    elif inline:
        parsed = document.parse(inline.encode(), file=file, dialect="kubernetes")
        if errors(parsed.problems):
            raise refused(patch, "this patch cannot be read")
        yield from (_moved(one, patch) for one in parsed.documents)
        return
    else:
        path = _path(file, patch.get("path") or patch)
    if path not in files.data:
        raise refused(patch, "there is no such patch here")
    yield from files.documents(path)


def _moved(node: Node, patch: Node) -> Node:
    """An inline patch, all of which stands where its text does."""
    if isinstance(node.value, dict):
        found = {key: _moved(item, patch) for key, item in node.entries.items()}
        return replace(node, value=found, span=patch.span, keys=dict.fromkeys(found, patch.span))
    if isinstance(node.value, list):
        return replace(node, value=[_moved(item, patch) for item in node.items], span=patch.span)
    return replace(node, span=patch.span)


def _means(wanted: Node, source: Source, *, by_object: bool) -> bool:
    """Whether a target, or a patch by the object that it says it is, means ``source``."""
    kind = text(wanted, "kind")
    name = text(wanted, "metadata", "name") if by_object else text(wanted, "name")
    selects = any(key in wanted for key in ("labelSelector", "annotationSelector")) and not by_object
    if selects:
        raise refused(wanted, "a target by labels is something that only Kustomize finds")
    return (not kind or kind == source.kind) and (not name or source.is_called(name))


def _items(root: Node, key: str) -> list[Node]:
    found = root.get(key)
    return found.items if found is not None else []


def _path(file: str, item: Node) -> str:
    """Where something lies that a kustomization names; an empty text for what is no path here."""
    named = item.value
    if not isinstance(named, str) or "://" in named or "\n" in named or named.startswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), named))
