"""A workload and the connections it names -> what it gets of each: variables, and destinations of a closed network.

The third thing, a secret, comes through the environment's provider like every other: see ``mlgen.secrets``.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.node import Node
from mlgen.site import Workload
from mlgen.trace import Draft, key_of, made, said


class Connection(NamedTuple):
    """``name`` stands where the project asks for it; ``offer`` is what the environment has under that name."""

    name: Node
    offer: Node


def used(workload: Workload) -> list[Connection]:
    """Each connection once, the whole project's first; not those that the environment lacks, which a check reports."""
    listed = workload.spec.get("connections")
    named: dict[str, Node] = {}
    for name in listed.items if listed is not None else []:
        named.setdefault(said(name), name)
    offers = workload.site.offer["connections"]
    return [Connection(name, offers[key]) for key, name in named.items() if key in offers]


def variables(workload: Workload) -> Iterator[Draft]:
    """The environment variables, as a container has them. Raises MlgenError for a template that cannot be filled."""
    for name, offer in used(workload):
        env = offer.get("env")
        if env is not None:
            for key, node in env.entries.items():
                filled = workload.site.filled(node, workload={"name": workload.name})
                yield made({"name": key_of(env, key), "value": made(said(filled), filled, name)}, name)


def egress(workload: Workload) -> Iterator[Node]:
    """The destinations that the network has to let through."""
    for _, offer in used(workload):
        listed = offer.get("egress")
        yield from listed.items if listed is not None else ()
