"""A registry's credentials that cannot be read."""

import binascii
import json
from collections.abc import Iterator, Mapping

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="docker-config",
    title="A Secret for a registry that is no JSON",
    why="The API server refuses it: the kubelet reads what `docker login` writes, a JSON object.",
    bad="type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: user:password}",
    good="type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\": {...}}'}",
    source="kubernetes/pkg/apis/core/validation: ValidateSecret",
)
KEYS: Mapping[str, str] = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}
HINT = "write what `docker login` writes, a map with `auths`"


def check(body: Body) -> Iterator[Fault]:
    """The content of the type's key. No message says any of it."""
    key = KEYS.get(text_at(body, "type"))
    if key is None:
        return
    data, plain = map_at(body, "data"), map_at(body, "stringData")
    field, text = ("stringData", plain[key]) if key in plain else ("data", _decoded(data.get(key)))
    if isinstance(text, str) and not _is_object(text):
        yield Fault((field, key), RULE.id, f"{code(key)} is no JSON object", HINT)


def _decoded(value: Json) -> str | None:
    """What base64 stands for; None for what is none, as the schema says."""
    if not isinstance(value, str):
        return None
    try:
        return binascii.a2b_base64("".join(value.split()), strict_mode=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | type(None))
    except (ValueError, RecursionError):
        return False
