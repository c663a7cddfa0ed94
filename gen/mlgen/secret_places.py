"""Plain JSON, a spec or an object -> every place where the value of a secret is written."""

import re
from collections.abc import Iterator
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
LISTS = frozenset(("command", "args", "arguments", "javaOptions"))
USER = frozenset(("u", "user", "proxy-user"))  # flags with a name and a password
PAIR = re.compile(r"[\w.@-]+:[^\s$<{*]{3,}")


class Written(NamedTuple):
    """A place, and the name that says that a secret stands there; empty where its form says it."""

    path: Path
    name: str = ""


def written(value: Json) -> Iterator[Written]:
    """Every place in ``value``, at most once each."""
    yield from _walk(value, ())


def _walk(value: Json, path: Path) -> Iterator[Written]:
    if isinstance(value, dict):
        yield from _map(value, path)
    elif isinstance(value, list):
        yield from _list(value, path)
    elif isinstance(value, str) and value and _shows(value):
        yield Written(path)


def _map(value: dict[str, Json], path: Path) -> Iterator[Written]:
    name = value.get("name") or value.get("key")
    for key, below in value.items():
        if key in SEALED:
            continue
        said = key if key != "value" else name if isinstance(name, str) else str(path[-1]) if path else ""
        said = said.rpartition("/")[2]
        if isinstance(below, str) and _given(path, key) and _named(said) and is_written(said, below):
            yield Written((*path, key), said)
        else:
            yield from _walk(below, (*path, key))


def _given(path: Path, key: str) -> bool:
    """Whether what stands under ``key`` is given to a variable or a setting of that name."""
    return key == "value" or (bool(path) and path[-1] in SETTINGS) or VALUES.search(key) is not None


def _named(name: str) -> bool:
    """Whether a variable or a setting of this name holds a secret."""
    return named_like_a_secret(name) or CONF.search(name) is not None


def _list(value: list[Json], path: Path) -> Iterator[Written]:
    before = ""
    for index, item in enumerate(value):
        here = (*path, index)
        flag = before.lstrip("-") if before.startswith("-") and "=" not in before else ""
        before = item if isinstance(item, str) else ""
        if isinstance(item, str) and flag and not item.startswith("-"):
            if named_like_a_secret(flag) and is_written(flag, item):
                yield Written(here, flag)
                continue
            if flag in USER and PAIR.match(item):
                yield Written(here, flag)
                continue
        yield from _walk(item, here)


def _shows(text: str) -> bool:
    return looks_like_a_secret(text) or says_a_secret(text) or looks_random(text)
