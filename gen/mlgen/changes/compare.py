"""The objects of two revisions -> what changed between them, object by object and field by field."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeAlias

from mlgen.body import Body, text_at
from mlgen.manifest import Manifest, Ref
from mlgen.node import Json
from mlgen.patch import same

# A name that ends in the hash of its content: another content is another object (DESIGN, law 5 and storage).
BY_CONTENT = re.compile(r"(.+)-[0-9a-f]{10}")
# What tells the items of a list apart, the first that all of them have.
NAMES = ("name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey", "host", "path")


class Absent(NamedTuple):
    """In the place of a value: there is none."""


ABSENT = Absent()
Value: TypeAlias = "Json | Absent"


class Field(NamedTuple):
    """A changed field: where it is, items of lists by their names, and its value on both sides.

    It ``follows`` where only the name of another object, which changed itself, is not as it was.
    """

    path: tuple[str, ...]
    before: Value
    after: Value
    follows: bool = False

    @property
    def place(self) -> str:
        """The path as people write it: spec.template.spec.containers[main].image."""
        text = "".join(step if step.startswith("[") else f".{_quoted(step)}" for step in self.path)
        return text.removeprefix(".")


class Change(NamedTuple):
    """One object that is not as it was. An object named by its content has another name ``before``.

    ``run`` tells whether it runs once, to its end.
    """

    before: Manifest | None
    after: Manifest | None
    fields: tuple[Field, ...] = ()

    @property
    def ref(self) -> Ref:
        """The object's identity now, or of one that is gone, as it was."""
        manifest = self.after or self.before
        if manifest is None:
            raise ValueError("a change of nothing")
        return manifest.ref

    @property
    def body(self) -> Body:
        """The object now, or as it was."""
        manifest = self.after or self.before
        return manifest.body if manifest is not None else {}

    @property
    def run(self) -> bool:
        """Whether it is a run."""
        return any(manifest.run for manifest in (self.before, self.after) if manifest is not None)

    @property
    def renamed(self) -> bool:
        """Whether another object takes the place of one, since a name says the content."""
        return self.before is not None and self.after is not None and self.before.ref != self.after.ref


def compare(before: Iterable[Manifest], after: Iterable[Manifest]) -> list[Change]:
    """Every object that is new, gone or not the same, in the order of kinds and names.

    An object that is gone and a new one that differ in the hash at the end of their names are one change.
    """
    old, new = ({manifest.ref: manifest for manifest in manifests} for manifests in (before, after))
    gone = {_stem(ref): old[ref] for ref in sorted(old.keys() - new.keys(), reverse=True)}
    found = [
        Change(old[ref], new[ref], tuple(fields(old[ref].body, new[ref].body)))
        for ref in old.keys() & new.keys()
        if not same(old[ref].body, new[ref].body)
    ]
    for ref in sorted(new.keys() - old.keys()):
        predecessor = gone.get(_stem(ref)) if BY_CONTENT.fullmatch(ref.name) else None
        if predecessor is None:
            found.append(Change(None, new[ref]))
        else:
            del gone[_stem(ref)]
            found.append(Change(predecessor, new[ref], tuple(fields(predecessor.body, new[ref].body))))
    found = _with_consequences(found)
    taken = {change.before.ref for change in found if change.before is not None}
    found += [Change(old[ref], None) for ref in old.keys() - new.keys() - taken]
    return sorted(found, key=lambda change: (change.ref.kind, change.ref.namespace, change.ref.name))


def _with_consequences(changes: list[Change]) -> list[Change]:
    """With a word on the fields that differ only because something that they name has another name now."""
    names = {one.before.ref.name: one.after.ref.name for one in changes if one.renamed and one.before and one.after}
    if not names:
        return changes
    known = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    return [
        one._replace(fields=tuple(field._replace(follows=_follows(field, known, names)) for field in one.fields))
        for one in changes
    ]


def _follows(field: Field, pattern: re.Pattern[str], names: Mapping[str, str]) -> bool:
    if isinstance(field.before, Absent) or isinstance(field.after, Absent):
        return False
    renamed = pattern.sub(lambda found: names[found[0]], json.dumps(field.before, sort_keys=True))
    return renamed == json.dumps(field.after, sort_keys=True)


def fields(before: Json, after: Json, path: tuple[str, ...] = ()) -> Iterator[Field]:
    """Every field of two values that differs, the outermost that is only on one side."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _either(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _items(before, after, path)
    elif not same(before, after):
        yield Field(path, before, after)


def _either(before: Value, after: Value, path: tuple[str, ...]) -> Iterator[Field]:
    if isinstance(before, Absent) or isinstance(after, Absent):
        yield Field(path, before, after)
    else:
        yield from fields(before, after, path)


def _items(before: Sequence[Json], after: Sequence[Json], path: tuple[str, ...]) -> Iterator[Field]:
    """Lists of named maps by name, in whatever order; others item by item if that is as long, else as a whole."""
    name = next((name for name in NAMES if _tells_apart(name, before) and _tells_apart(name, after)), None)
    if name is not None:
        old, new = ({_name(item, name): item for item in items} for items in (before, after))
        for key in dict.fromkeys((*old, *new)):
            yield from _either(old.get(key, ABSENT), new.get(key, ABSENT), (*path, f"[{key}]"))
    elif len(before) == len(after) and all(isinstance(item, dict) for item in (*before, *after)):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from fields(one, other, (*path, f"[{index}]"))
    elif not same(list(before), list(after)):
        yield Field(path, *_unlike(before, after))


def _unlike(before: Sequence[Json], after: Sequence[Json]) -> tuple[list[Json], list[Json]]:
    """The items that the other list has not at that place."""
    old, new = ([json.dumps(item, sort_keys=True) for item in items] for items in (before, after))
    gone: list[Json] = []
    added: list[Json] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[start:end]
            added += after[first:last]
    return gone, added


def _tells_apart(name: str, items: Sequence[Json]) -> bool:
    named = [_name(item, name) for item in items]
    return all(named) and len(set(named)) == len(named)


def _name(item: Json, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    return str(value) if isinstance(value, (str, int)) else ""


def _stem(ref: Ref) -> tuple[str, str, str, str]:
    found = BY_CONTENT.fullmatch(ref.name)
    return ref.group, ref.kind, ref.namespace, found[1] if found else ref.name


def _quoted(step: str) -> str:
    return f'"{step}"' if "." in step else step


def label(ref: Ref) -> str:
    """What an object is called: TFJob/train-f80a9e95bd."""
    return f"{ref.kind}/{ref.name}"


def images(body: Json) -> Iterator[str]:
    """Every image that an object names."""
    if isinstance(body, dict):
        for key, value in body.items():
            if key == "image" and isinstance(value, str):
                yield value
            yield from images(value)
    elif isinstance(body, list):
        for item in body:
            yield from images(item)


def holds_data(body: Body) -> bool:
    """Whether a claim is for data of its own: one that names its volume holds none, and a snapshot's has a copy."""
    if body.get("kind") != "PersistentVolumeClaim" or text_at(body, "spec", "volumeName"):
        return False
    return text_at(body, "spec", "dataSource", "kind") != "VolumeSnapshot"
