"""A custom resource's apiVersion and kind -> its closed schema, read when such an object first occurs.

Each is schemas/kubernetes/<group>/<kind>-<version>.json, the kind in lower case: that the file is there is all it
takes. Where another version of an operator differs, its schema lies beside it and is named after it as an
environment's `platform` names it: <kind>-<version>@kserve-0.16.json. Like Kubernetes' own definitions, a schema is a
name and the definitions behind it, its own and Kubernetes'.
"""

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from mlgen import shipped
from mlgen.kubernetes import bundle
from mlgen.kubernetes.bundle import Schema

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

# What may become part of a path. A custom resource's group has a dot, the API server sees to that.
API_VERSION = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+)/([a-z0-9]{1,63})")
KIND = re.compile(r"[A-Za-z0-9]{1,63}")
LONGEST = 253
NAMED = "mlgen.named"
# The API server's own rules that are not for custom resources: operators fill in what these ask for.
LAX = "mlgen.lax."
OF_OPERATOR = "@"
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


@cache
def spelling(api_version: str, kind: str) -> str:
    """The kind as it is spelt, whatever the case of ``kind``; empty if no schema ships for it."""
    text = _text(api_version, kind.lower())
    return _name(json.loads(text)) if text else ""


def closed(api_version: str, kind: str, minor: str, operators: frozenset[str] = frozenset()) -> Schema:
    """The schema of ``kind``, with every definition of Kubernetes ``minor`` that it refers to.

    It is that of the version among ``operators`` ("kserve-0.16"), if that has one of its own.
    Raises KeyError for a kind that has no spelling.
    """
    texts = (_text(api_version, kind.lower(), operator) for operator in (*sorted(operators), ""))
    text = next(filter(None, texts), "")
    if not text:
        raise KeyError(f"{api_version} {kind}")
    schema: Schema = json.loads(text)
    wanted = {name for name in (*bundle.REFERENCE.findall(text), NAMED) if name not in schema["$defs"]}
    named = {"allOf": [{"$ref": f"#/$defs/{NAMED}"}]}
    return {**schema, **named, "$defs": schema["$defs"] | native(wanted, minor)}


@cache
def operators_of(api_version: str, kind: str) -> frozenset[str]:
    """The operators in whose version ``kind`` has a schema of its own; the default is that of the newest."""
    if not _text(api_version, kind.lower()):
        return frozenset()
    group, _, version = api_version.partition("/")
    beginning = f"{kind.lower()}-{version}{OF_OPERATOR}"
    names = [path.name for path in _folder(group).iterdir()]
    return frozenset(name[len(beginning) : -len(".json")] for name in names if name.startswith(beginning))


def kinds(api_version: str) -> list[tuple[str, str]]:
    """The apiVersion and kind of everything in the group of ``api_version`` that a schema ships for."""
    named = API_VERSION.fullmatch(api_version)
    folder = _folder(named[1]) if named and len(api_version) <= LONGEST else None
    if named is None or folder is None or not folder.is_dir():
        return []
    names = sorted(path.name.removesuffix(".json") for path in folder.iterdir() if OF_OPERATOR not in path.name)
    found = [(f"{named[1]}/{version}", kind) for kind, _, version in (name.partition("-") for name in names)]
    return [(version, spelling(version, kind)) for version, kind in found]


def _folder(group: str) -> "Traversable":
    from importlib.resources import files  # which costs 6 ms, and only lists need it

    return files("mlgen.schemas").joinpath("kubernetes", group)


@cache
def _text(api_version: str, kind: str, operator: str = "") -> str:
    named = API_VERSION.fullmatch(api_version)
    if not named or not KIND.fullmatch(kind) or len(api_version) > LONGEST:
        return ""
    own = f"{OF_OPERATOR}{operator}" if operator else ""
    try:
        return shipped.text("mlgen.schemas", f"kubernetes/{named[1]}/{kind}-{named[2]}{own}.json")
    except FileNotFoundError:
        return ""


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def native(names: set[str], minor: str) -> Schema:
    """Kubernetes' own definitions, as a custom resource has them.

    In its own kinds the API server takes null for a field that was left out, in a custom resource for a wrong type.
    The exception is an object's metadata, which it reads as its own: `creationTimestamp: null` is common there.
    """
    found = {name: shape for wanted in names for name, shape in bundle.closed(wanted, minor)["$defs"].items()}
    meta = bundle.closed(META, minor)["$defs"]
    known = {name: shape if name in meta else _without_null(shape) for name, shape in found.items()}
    known |= {name: {} for name in found if name.startswith(LAX)}
    return {**known, META: {**meta[META], "type": "object"}} if META in known else known


def _without_null(shape: Any) -> Any:
    if isinstance(shape, dict):
        return {key: _without_null(value) for key, value in shape.items()}
    return [_without_null(item) for item in shape if item != "null"] if isinstance(shape, list) else shape
