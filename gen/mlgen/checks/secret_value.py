"""The value of a secret stands in a spec."""

import re
from collections.abc import Iterator

from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.secret_text import looks_like_a_secret, named_like_a_secret

RULE = Rule(
    id="secret-value",
    title="The value of a secret stands in a spec",
    why="What is in git is there for ever and for everybody who can read it. Specs name secrets; stores hold values.",
    bad="env: {MAPS_KEY_TOKEN: 9f86d081884c}",
    good="secrets: {maps-api: [MAPS_KEY]}\nworkloads:\n  train: {kind: job, secrets: [maps-api]}",
)
# The settings of Spark and of its file systems that are secret.
CONF = re.compile(r"(?i)(password|\.secret(\.key)?|\.account\.key\..+|\.access\.key|\.session\.token)$")
HINT = "put the value into the environment's store, name it under `secrets`, and change it: it has been written down"


def check(document: Node, /) -> Iterator[Problem]:
    """Variables whose name says that they are secret, and texts in the form of a token."""
    for path, leaf in document.leaves():
        if not isinstance(leaf.value, str) or not leaf.value:
            continue
        if len(path) >= 2 and _secret(str(path[-2]), str(path[-1])):
            yield Problem(RULE.id, leaf.span, f"`{path[-1]}` looks like a secret, and its value is written here", HINT)
        elif path[-1:] == ("value",) and _named_beside(document, path):
            yield Problem(
                RULE.id, leaf.span, "this variable is named like a secret, and its value is written here", HINT
            )
        elif looks_like_a_secret(leaf.value):
            yield Problem(RULE.id, leaf.span, "this looks like the value of a secret", HINT)


def _named_beside(document: Node, path: Path) -> bool:
    """Whether the ``name`` beside a ``value``, as patches and manifests write variables, says that it is secret."""
    name = document.find(*path[:-1], "name")
    return name is not None and isinstance(name.value, str) and named_like_a_secret(name.value)


def _secret(place: str, name: str) -> bool:
    return (place == "env" and named_like_a_secret(name)) or (place == "conf" and CONF.search(name) is not None)
