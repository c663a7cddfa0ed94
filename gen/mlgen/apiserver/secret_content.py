"""A Secret of a type that has not the content of that type."""

import binascii
import json
from collections.abc import Iterator, Mapping

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="secret-content",
    title="A Secret has not the content that its type promises",
    why="The API server refuses it. Whoever uses a typed Secret finds what it needs under fixed keys: the kubelet a "
    "registry's credentials, an Ingress controller a certificate.",
    bad="type: kubernetes.io/dockerconfigjson\nstringData: {config.json: ...}",
    good="type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: ...}",
    source="kubernetes/pkg/apis/core/validation: ValidateSecret",
)
PREFIX = "kubernetes.io/"
# Which keys a type needs.
KEYS: Mapping[str, tuple[str, ...]] = {
    "dockerconfigjson": (".dockerconfigjson",),
    "dockercfg": (".dockercfg",),
    "ssh-auth": ("ssh-privatekey",),
    "tls": ("tls.crt", "tls.key"),
}
EITHER = ("username", "password")  # what basic-auth needs one of
JSON_TYPES = ("dockerconfigjson", "dockercfg")
ACCOUNT = "kubernetes.io/service-account.name"


def check(body: Body) -> Iterator[Fault]:
    """The keys of a type, and that what should be JSON is. No message says any of it."""
    sort = text_at(body, "type").removeprefix(PREFIX)
    if not text_at(body, "type").startswith(PREFIX):
        return
    data, plain = map_at(body, "data"), map_at(body, "stringData")
    place = ("stringData",) if plain and not data else ("data",) if "data" in body else ()
    for key in KEYS.get(sort, ()):
        if key not in data and key not in plain:
            yield Fault(place or ("type",), RULE.id, f"the type needs the key {code(key)}", "add it, or change `type`")
        elif sort == "ssh-auth" and not (plain.get(key, data.get(key))):
            yield Fault(
                ("data" if key in data else "stringData", key), RULE.id, "the private key is empty", "fill it in"
            )
    if sort == "basic-auth" and not any(key in data or key in plain for key in EITHER):
        yield Fault(place or ("type",), RULE.id, "the type needs `username` or `password`", "add one, or change `type`")
    if sort == "service-account-token" and not text_at(body, "metadata", "annotations", ACCOUNT):
        message = f"the type needs the annotation {code(ACCOUNT)}"
        yield Fault(("type",), RULE.id, message, "name the service account there, or change `type`")
    if sort in JSON_TYPES:
        (key,) = KEYS[sort]
        field, text = ("stringData", plain[key]) if key in plain else ("data", _decoded(data.get(key)))
        if isinstance(text, str) and not _is_object(text):
            hint = "write what `docker login` writes, a map with `auths`"
            yield Fault((field, key), RULE.id, f"{code(key)} is no JSON object", hint)


def _decoded(value: Json) -> str | None:
    """What base64 stands for; None for what is none, as its own rule says."""
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
