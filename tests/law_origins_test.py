"""Law 6: every value of a built object knows the lines that put it there, and re-reading them proves it."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from tests.conftest import ROOT
from tests.platforms import Tree, files, platforms

from mlgen import disk, document, engine, patch, profiles, schema
from mlgen.commands import explain
from mlgen.manifest import Manifest
from mlgen.node import Json, Node
from mlgen.node import Path as Pointer
from mlgen.platform import load
from mlgen.problem import Span, errors

Files = Mapping[str, bytes]
REACHED = 0.95


class Leaf(NamedTuple):
    """One value of a built object, and one of the places behind it."""

    where: str
    path: Pointer
    value: Json
    origin: Node


@cache
def own() -> Files:
    """Every file that people wrote in this repository."""
    return disk.read_inputs(ROOT)[0]


def manifests(sources: Files) -> Iterator[tuple[str, Manifest]]:
    """Every object of a platform that mlgen does not refuse."""
    platform = load(sources)
    for project in platform.projects:
        for place in engine.places(platform, project):
            if not errors(place.problems):
                where = f"{project}/{place.environment['name'].value}"
                yield from ((where, manifest) for manifest in place.manifests)


def leaves(value: Json, path: Pointer = ()) -> Iterator[tuple[Pointer, Json]]:
    """Every scalar, empty map and empty list."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def traced(sources: Files) -> tuple[list[Leaf], list[str]]:
    """Every leaf of every object with each of its origins; and the leaves that have none."""
    found: list[Leaf] = []
    lost: list[str] = []
    for where, manifest in manifests(sources):
        for path, value in leaves(manifest.body):
            name = f"{where}:{manifest.ref.kind}/{manifest.ref.name}"
            nodes = manifest.origins.get(path, ())
            found += [Leaf(name, path, value, node) for node in nodes]
            lost += [] if nodes else [f"{name} {path}"]
    return found, lost


class Reader:
    """The files of a platform, read once more: what stands at each line and column, keys as values too."""

    def __init__(self, sources: Files) -> None:
        self.found: dict[Span, list[Node]] = {}
        for file, data in sources.items():
            for node in document.parse(data, file=file).documents:
                self._note(node)

    def _note(self, node: Node) -> None:
        self.found.setdefault(node.span, []).append(node)
        for key, inner in node.entries.items():
            self.found.setdefault(node.keys[key], []).append(Node(key, node.keys[key]))
            self._note(inner)
        for inner in node.items:
            self._note(inner)

    def proves(self, origin: Node) -> bool:
        """Whether the place of ``origin`` says what it says; a map that several layers filled is still a map, and who
        names a profile of platforms says all that is in it."""
        span = origin.span
        if span.file.startswith("schemas/"):
            default = json.loads(cut(schema.load(Path(span.file).stem).text, span))
            return alike(origin.value, default) or origin.text == default
        return any(
            alike(origin.value, node.value)
            or (origin.text is not None and origin.text in (node.text, node.value))
            or (node.value in profiles.names() and origin.value in profiles.load(node.value).platform.values())
            for node in self.found.get(span, [])
        )


def alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (isinstance(one, (dict, list)) or one == other)


def cut(text: str, span: Span) -> str:
    """What stands at ``span`` of a text."""
    lines = text.splitlines(keepends=True)[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    return "".join(lines)[span.column - 1 :]


def assert_proven(sources: Files) -> int:
    """Every leaf has origins, and at least 95 % of them, today all, are proven. How many leaves there are."""
    found, lost = traced(sources)
    reader = Reader(sources)
    assert not lost, lost[:20]
    wrong = [leaf for leaf in found if not reader.proves(leaf.origin)]
    shown = [f"{leaf.where} {leaf.path}: {leaf.origin.span} does not say {leaf.origin.value!r}" for leaf in wrong[:20]]
    assert len(wrong) <= (1 - REACHED) * len(found), "\n".join(shown)
    assert not wrong, "\n".join(shown)
    return len(found)


def test_every_origin_is_proven_by_reading_it_again() -> None:
    """Every leaf of a built object knows the lines it came from: 95 % of all leaf values have an origin that re-reading
    proves."""
    assert assert_proven(own()) > 1000


@settings(max_examples=30)
@given(platforms())
def test_every_origin_of_a_drawn_platform_is_proven(tree: Tree) -> None:
    """The same for whatever people may write."""
    assert_proven(files(tree))


def verbatim() -> list[Leaf]:
    """Leaves that are a scalar of somebody's file, as it is written there: one for each such scalar."""
    values = {
        node.span
        for file, data in own().items()
        for root in document.parse(data, file=file).documents
        for path, node in root.leaves()
        if path != ("name",)
    }
    found = {
        leaf.origin.span: leaf
        for leaf in traced(own())[0]
        if leaf.origin.span in values and leaf.value == leaf.origin.value and "{{" not in (leaf.origin.text or "")
    }
    return [found[span] for span in sorted(found)]


def others(value: Json) -> Iterator[str]:
    """What may be written where ``value`` stood; the schema will allow some of it."""
    if isinstance(value, bool):
        yield str(not value).lower()
    elif isinstance(value, int):
        yield from (str(value + 1), str(value - 1))
    else:
        text = str(value)
        yield from (text.replace(old, new) for old, new in ("19", "21", "87", "34", "06") if old in text)
        yield from (f"{text}x", f"{text}.x", "read", "always", "baseline")


def edited(span: Span, text: str) -> Files:
    """All files, with ``text`` where something else stood on one line."""
    lines = own()[span.file].decode().splitlines(keepends=True)
    line = lines[span.line - 1]
    written = text if text.isdigit() or text in ("true", "false") else json.dumps(text)
    lines[span.line - 1] = line[: span.column - 1] + written + line[span.end_column - 1 :]
    return {**own(), span.file: "".join(lines).encode()}


def after(leaf: Leaf) -> tuple[str, Files] | None:
    """The first other text that mlgen takes where ``leaf`` came from, and all files with it; None if it takes none."""
    for text in others(leaf.value):
        sources = edited(leaf.origin.span, text)
        platform = load(sources)
        if not errors(engine.check(platform, platform.projects)):
            return text, sources
    return None


def values(sources: Files) -> dict[tuple[str, Any, Pointer], Json]:
    """Every leaf of a platform, by its place."""
    return {
        (where, manifest.ref, path): value
        for where, manifest in manifests(sources)
        for path, value in leaves(manifest.body)
    }


def test_a_changed_origin_changes_the_value() -> None:
    """An origin is a cause, and the causes are all there: whoever changes a scalar finds the new one where its origin
    says, and every other value that changes with it names that scalar too. Names made of a hash name less."""
    before = values(own())
    causes = {
        (where, manifest.ref, path): {node.span for node in nodes}
        for where, manifest in manifests(own())
        for path, nodes in manifest.origins.items()
    }
    changed = 0
    for leaf in verbatim():
        new = after(leaf)
        if new is None:
            continue  # the name of some data: it cannot change alone
        text, sources = new
        kind, now = leaf.where.split(":")[1].split("/")[0], values(sources)
        there = {value for (_, ref, path), value in now.items() if ref.kind == kind and path == leaf.path}
        if not there:
            continue  # with the other value, no object has such a field
        assert text in {str(value) for value in there if type(value) is type(leaf.value)}, leaf
        differing = [key for key in before.keys() & now.keys() if not patch.same(before[key], now[key])]
        silent = [key for key in differing if leaf.origin.span not in causes[key] and key[2][-1] not in HASHED]
        assert not silent, f"{leaf.origin.span} changed {silent[0]}, which does not name it"
        changed += 1
    assert changed >= 40


# An alert names its run; what a pipeline starts stands in one text, names of claims and all.
HASHED = ("claimName", "volumeName", "expr", "manifest", "train.json")


def test_explain_says_where_every_value_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    """`mlgen explain` prints the chain of every value of a built object: value, layer, file:line, what it overrode."""
    name, manifest = next(
        (f"{where}:{found.ref.kind}/{found.ref.name}", found)
        for where, found in manifests(own())
        if where == "churn/prod" and found.ref.kind == "Deployment"
    )
    said = {}
    for path, value in leaves(manifest.body):
        assert explain.explain(ROOT, f"{name}:{'.'.join(map(str, path))}", form="text") == 0
        first, *chain = capsys.readouterr().out.splitlines()
        assert first.endswith(f" = {json.dumps(value, ensure_ascii=False)}")
        assert chain
        assert chain[0].startswith("  from  ")
        for line, node in zip((line for line in chain if "  from  " in line), manifest.origins[path], strict=False):
            assert f"{node.span.file}:{node.span.line}:{node.span.column}" in line
        said[path] = "\n".join(chain)
    image = said["spec", "template", "spec", "containers", 0, "image"]
    assert "environments/prod.yaml" in image
    assert "  over  " in image
