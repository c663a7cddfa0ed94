"""Plain JSON, a spec or an object -> every place where the value of a secret is written."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mlgen.node import Json, Path
from mlgen.secret_text import is_written, looks_like_a_secret, looks_random, named_like_a_secret, says_a_secret

# Maps whose keys are the names of variables or settings.
SETTINGS = frozenset(
    "env env_vars envVars data conf sparkConf hadoopConf parameters params rayStartParams config options settings "
    "annotations variables properties environment".split()
)
# Keys that, wherever they stand, are followed by the value itself.
VALUES = re.compile(
    r"(?i)(password|passwd|passphrase|clientsecret|secret_?access_?key|api_?key|access_?token|auth_?token)$"
)
# Spark's settings: what they are called at the end.
CONF = re.compile(r"(?i)(password|\.secret(\.key)?|\.account\.key\..+|\.access\.key|\.session\.token)$")
SEALED = frozenset(("encryptedData", "managedFields", "status"))
USER = frozenset(("u", "user", "proxy-user"))  # flags with a name and a password
PAIR = re.compile(r"[\w.@-]+:[^\s$<{*]{3,}")


SHORT = 200


class Written(NamedTuple):
    """A place, and the name that says that a secret stands there; empty where its form says it."""

    path: Path
    name: str = ""


def written(value: Json) -> Iterator[Written]:
    """Every place in ``value``, at most once each."""
    found: list[Written] = []
    _walk(value, (), found)
    return iter(found)


def _walk(value: Json, path: Path, found: list[Written]) -> None:
    if isinstance(value, str):
        if value and _shows(value):
            found.append(Written(path))
    elif isinstance(value, dict):
        _map(value, path, found)
    elif isinstance(value, list):
        _list(value, path, found)


def _map(value: dict[str, Json], path: Path, found: list[Written]) -> None:
    for key, below in value.items():
        if isinstance(below, str):
            said = _said(value, key, path) if _given(path, key) else ""
            if said and _named(said) and is_written(said, below):
                found.append(Written((*path, key), said))
            elif below and _shows(below):
                found.append(Written((*path, key)))
        elif key not in SEALED:
            _walk(below, (*path, key), found)


def _said(value: dict[str, Json], key: str, path: Path) -> str:
    """What names the text under ``key``; of a `value` it is what stands beside or above it."""
    if key != "value":
        return key.rpartition("/")[2]
    name = value.get("name") or value.get("key")
    return name.rpartition("/")[2] if isinstance(name, str) else str(path[-1]) if path else ""


def _given(path: Path, key: str) -> bool:
    """Whether what stands under ``key`` is given to a variable or a setting of that name."""
    return key == "value" or (bool(path) and path[-1] in SETTINGS) or _says_value(key)


@lru_cache(4096)
def _says_value(key: str) -> bool:
    return VALUES.search(key) is not None


@lru_cache(4096)
def _named(name: str) -> bool:
    """Whether a variable or a setting of this name holds a secret."""
    return named_like_a_secret(name) or CONF.search(name) is not None


def _list(value: list[Json], path: Path, found: list[Written]) -> None:
    flag = ""  # the word before, without its dashes, if what follows it is its value
    for index, item in enumerate(value):
        here = (*path, index)
        if flag and isinstance(item, str) and not item.startswith("-") and _follows(flag, item):
            found.append(Written(here, flag))
        else:
            _walk(item, here, found)
        flag = item.lstrip("-") if isinstance(item, str) and item.startswith("-") and "=" not in item else ""


def _follows(flag: str, item: str) -> bool:
    """Whether a word is what is secret after its flag: a password, or a name with a password."""
    return (_named(flag) and is_written(flag, item)) or (flag in USER and PAIR.match(item) is not None)


def _shows(text: str) -> bool:
    return _looked_at(text) if len(text) <= SHORT else _seen(text)


@lru_cache(8192)  # manifests say the same words again and again
def _looked_at(text: str) -> bool:
    return _seen(text)


def _seen(text: str) -> bool:
    return looks_like_a_secret(text) or says_a_secret(text) or looks_random(text)
