"""A file of Kubernetes manifests -> its objects, and what is wrong with each of them alone.

Files do not need each other for this. What it gives is made of plain values, so that another process can do it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import document, gate
from mlgen.body import Body, list_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Json, Path
from mlgen.placing import place
from mlgen.problem import Fault, Problem, errors

LIST = "v1 List"
HEAD = frozenset(("apiVersion", "kind", "metadata"))
NOT_A_MAP = "an object is a map with `apiVersion`, `kind` and `metadata`"
# What has the head of an object and is for a program to read, by its API group, with what checks it.
FOREIGN: Mapping[str, str] = {
    "kustomize.config.k8s.io": "`kustomize build DIR | mlgen lint -` checks what it makes",
    "mlgen.dev": "`mlgen validate` checks it",
}
# What makes a text a template of Helm's, and no YAML; and what a text that is meant to be an object has.
GO_TEMPLATE = (
    r"(?m)(?:^|[:-])[ \t]*\{\{-?[ \t]*(?:[.$/\"(]|(?:include|if|else|end|range|with|define|template|toYaml|printf)\b)"
)
KEY = r"(?m)^[ \t{]*\"?%s\"?[ \t]*:"


class Object(NamedTuple):
    """An object at ``path`` of a file's document ``number``: the root, or an item of a List."""

    number: int
    path: Path
    body: Body


class Examined(NamedTuple):
    """What a file says. ``faults`` are those of ``objects`` by their places in that list.

    ``problems`` is what is wrong with the file as a text, and its documents that are no objects. ``foreign``: nothing
    in it is meant to be an object, so that somebody who named its folder did not mean it.
    """

    file: str
    objects: list[Object]
    faults: list[tuple[int, Fault]]
    problems: list[Problem]
    foreign: bool


def examine(file: str, data: bytes, setting: Setting) -> Examined:
    """Read a file as kubectl does and judge each of its objects. Never raises, whatever it holds."""
    objects, problems, foreign = read(file, data)
    return judged_alone(file, objects, setting)._replace(problems=problems, foreign=foreign)


def judged_alone(file: str, objects: Sequence[Object], setting: Setting) -> Examined:
    """Objects that come of a file, with what is wrong with each of them."""
    faults = [(index, fault) for index, one in enumerate(objects) for fault in gate.alone(one.body, setting)]
    return Examined(file, [*objects], faults, [], foreign=False)


def read(file: str, data: bytes) -> tuple[list[Object], list[Problem], bool]:
    """The objects of a file, what is wrong with it, and whether it is foreign. Items of a List are objects too."""
    values = document.values(data)
    if values is not None and not any(_misfits(values)):
        return list(_objects(values)), [], not any(map(_is_meant, values))
    parsed = document.parse(data, file=file, dialect="kubernetes")
    problems = list(parsed.problems)
    if errors(problems):
        return [], problems, _is_foreign_text(parsed.text)
    values = [root.plain() for root in parsed.documents]
    for number, path, fault in _misfits(values):
        span = place(parsed.documents[number], path, fault.rule)
        problems.append(Problem(fault.rule, span, fault.message, fault.help))
    return list(_objects(values)), problems, not any(map(_is_meant, values))


def _objects(values: Sequence[Json]) -> Iterator[Object]:
    for number, value in enumerate(values):
        if _misfit(value) is None and isinstance(value, dict):
            yield from _unpacked(value, number, ())


def _unpacked(body: Body, number: int, path: Path) -> Iterator[Object]:
    """The object, or those that a list of objects holds; a v1 List is one of its own, without its items."""
    if not _is_list(body):
        yield Object(number, path, body)
        return
    named = {"apiVersion": body["apiVersion"], "kind": text_at(body, "kind").removesuffix("List")}
    if f"{named['apiVersion']} {body['kind']}" == LIST:
        yield Object(number, path, {**body, "items": []})
        named = {}
    for index, item in enumerate(list_at(body, "items")):
        if isinstance(item, dict):
            yield from _unpacked(item if "kind" in item else {**named, **item}, number, (*path, "items", index))


def _is_list(body: Body) -> bool:
    """Whether kubectl takes it for a list of objects: `kind: List`, or that of a kind, such as ConfigMapList."""
    kind = body.get("kind")
    return (
        isinstance(kind, str) and kind.endswith("List") and isinstance(body.get("items"), list) and "spec" not in body
    )


def _misfits(values: Sequence[Json]) -> Iterator[tuple[int, Path, Fault]]:
    """What stands where an object should, and is none: which document, where in it, and what to say."""
    for number, value in enumerate(values):
        if (fault := _misfit(value)) is not None:
            yield number, (), fault
        elif isinstance(value, dict) and _is_list(value):
            for path, item in _items(value, ()):
                if not isinstance(item, dict):
                    yield number, path, Fault(path, "not-an-object", "this item is no object", NOT_A_MAP)


def _items(body: Body, path: Path) -> Iterator[tuple[Path, Json]]:
    for index, item in enumerate(list_at(body, "items")):
        yield (*path, "items", index), item
        if isinstance(item, dict) and _is_list(item):
            yield from _items(item, (*path, "items", index))


def _misfit(value: Json) -> Fault | None:
    if not isinstance(value, dict):
        return Fault((), "not-an-object", "this document is no object", NOT_A_MAP)
    if "apiVersion" not in value and "kind" not in value:
        return Fault((), "not-an-object", "this is no object: it has neither `apiVersion` nor `kind`", NOT_A_MAP)
    cure = FOREIGN.get(text_at(value, "apiVersion").partition("/")[0])
    if cure is None:
        return None
    return Fault((), "not-an-object", f"{code(text_at(value, 'kind'))} is no object of a cluster", cure)


def _is_meant(value: Json) -> bool:
    return isinstance(value, dict) and len(HEAD & value.keys()) > 1 and _misfit(value) is None


def _is_foreign_text(text: str) -> bool:
    """Whether a text that cannot be read is not meant to be manifests: a template of Go's, or nothing like objects."""
    meant = all(re.search(KEY % key, text) for key in ("apiVersion", "kind"))
    return not meant or re.search(GO_TEMPLATE, text) is not None
