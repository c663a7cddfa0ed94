"""A platform repository's files schemas/<group>/<kind>-<version>.json -> the custom resources that they describe.

`mlgen schema import` writes them. A file is parsed when an object of its kind first occurs.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from mlgen.crd.re2 import in_rust
from mlgen.crd.walk import Shape

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

FOLDER = "schemas"
FILE = re.compile(rf"{FOLDER}/(?P<group>[a-z0-9.-]+\.[a-z0-9.-]+)/(?P<kind>[a-z0-9]+)-(?P<version>[a-z0-9-]+)\.json")
FOREIGN = re.compile(r'"pattern":"((?:[^"\\]|\\.)*)"')


class Resource(NamedTuple):
    """A custom resource in one version. ``text`` is its file."""

    api_version: str
    kind: str
    text: str

    @property
    def path(self) -> str:
        """Where its file lies in a platform repository."""
        group, _, version = self.api_version.partition("/")
        return f"{FOLDER}/{group}/{self.kind.lower()}-{version}.json"


class Read(NamedTuple):
    """A file, parsed: its schema, Kubernetes' own definitions included, and what runs it."""

    schema: Shape
    validator: "Draft202012Validator"
    text: str

    @property
    def kind(self) -> str:
        """The kind as it is spelt."""
        return str(self.schema["$ref"]).rpartition("/")[2]


@dataclass(frozen=True)
class Imported:
    """The files, by "ray.io/v1 rayjob": the kind is in lower case there."""

    texts: Mapping[str, str]

    def find(self, api_version: object, kind: object, minor: str) -> Read | None:
        """What describes ``kind``, if there is a file and it is sound; Kubernetes' own definitions are ``minor``'s."""
        text = self.texts.get(f"{api_version} {str(kind).lower()}")
        read = parsed(text, minor) if text is not None else None
        return read if read is not None and read.kind == kind else None

    @cached_property
    def plurals(self) -> dict[str, tuple[str, bool]]:
        """By "ray.io/v1 RayJob" the plural that the API has it under, and whether it is in a namespace."""
        return dict(_plural(name, text) for name, text in self.texts.items())


def imported(files: Mapping[str, str]) -> Imported:
    """The resources among ``files``, texts by their paths."""
    return Imported({f"{found['group']}/{found['version']} {found['kind']}": text for found, text in _named(files)})


def _named(files: Mapping[str, str]) -> Iterator[tuple[re.Match[str], str]]:
    for path, text in files.items():
        if found := FILE.fullmatch(path):
            yield found, text


def _plural(name: str, text: str) -> tuple[str, tuple[str, bool]]:
    """From the head of the file: all of it may be long."""
    head = text.partition('"$defs"')[0]
    kind = re.search(r'"\$ref": "#/\$defs/(\w+)"', head)
    plural = re.search(r'"x-plural": "([a-z0-9-]+)"', head)
    key = f"{name.partition(' ')[0]} {kind[1]}" if kind else name
    return key, (plural[1] if plural else "", '"x-scope": "Cluster"' not in head)


@cache
def parsed(text: str, minor: str) -> Read | None:
    """The file, ready to check objects; None if somebody spoilt it."""
    try:
        schema = _completed(json.loads(text), minor)
        return Read(schema, _validator(schema), text) if str(schema["$ref"]) in _references(schema) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def refused(resource: Resource) -> Iterator[str]:
    """Why ``resource`` cannot be used; nothing if it can."""
    from mlgen.kubernetes import bundle

    try:
        _validator(_completed(json.loads(resource.text), bundle.MINORS[-1]))
    except ValueError as error:
        yield f"the schema of {resource.api_version} {resource.kind} cannot be used: {str(error).splitlines()[0]}"


def _references(schema: Shape) -> set[str]:
    return {f"#/$defs/{name}" for name in schema["$defs"]}


def _completed(schema: Shape, minor: str) -> Shape:
    """The schema with Kubernetes' own definition of metadata."""
    from mlgen.kubernetes import custom

    return {**schema, "$defs": {**schema["$defs"], **custom.native({custom.META}, minor)}}


def _validator(schema: Shape) -> "Draft202012Validator":
    # What most commands never ask.
    from jsonschema_rs import Draft202012Validator, RegexOptions

    from mlgen.crd import formats

    runnable = {"$ref": schema["$ref"], "$defs": _in_rust(schema["$defs"])}
    return Draft202012Validator(
        runnable, validate_formats=True, formats=dict(formats.FORMATS), pattern_options=RegexOptions()
    )


def _in_rust(shape: Any) -> Any:
    """Every pattern as the validator reads it."""
    if isinstance(shape, dict):
        return {
            key: in_rust(inner) if key == "pattern" and isinstance(inner, str) else _in_rust(inner)
            for key, inner in shape.items()
        }
    return [_in_rust(inner) for inner in shape] if isinstance(shape, list) else shape
