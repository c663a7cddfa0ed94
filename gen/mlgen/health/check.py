"""One kind of object -> how an engine sees from its status whether it is well."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Verdict = Literal["Healthy", "Progressing", "Degraded", "Suspended"]
Kind = tuple[str, str]  # group and kind


class Check(NamedTuple):
    """What an engine lacks to judge a kind; empty where it judges rightly by itself.

    ``lua`` is Argo CD's script. ``failed`` and ``current`` are Flux's expressions: what neither is true of is in
    progress, and so is what they cannot be evaluated on, such as an object that has no status yet. ``why`` says what
    the engines lack.
    """

    api_version: str
    kind: str
    why: str
    lua: str = ""
    failed: str = ""
    current: str = ""

    @property
    def key(self) -> Kind:
        """The kind's identity, whatever its version."""
        return self.api_version.partition("/")[0], self.kind


def among(value: str, names: Iterable[str]) -> str:
    """The expression that is true where ``value`` is one of ``names``."""
    listed = [f"'{name}'" for name in names]
    return f"{value} == {listed[0]}" if len(listed) == 1 else f"{value} in [{', '.join(listed)}]"


def conditions(*types: str, status: str = "True") -> str:
    """The expression that is true where one of the status' conditions of ``types`` is ``status``."""
    meant = among("c.type", list(types))
    return f"has(status.conditions) && status.conditions.exists(c, {meant} && c.status == '{status}')"
