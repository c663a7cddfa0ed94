"""The kinds of workload that a platform repository adds under kinds/, as values, and the schemas that know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlgen.node import Node
from mlgen.schema.contract import Schema

FOLDER = "kinds"
SCHEMA = "schema.json"
CASES = "cases"


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind: what schema.json says, and a template for each back-end, by its name."""

    name: str
    schema: Node
    templates: Mapping[str, Node]


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """All of a repository's own kinds by name; with the cases that prove them, by their files.

    ``broken`` are the names of those that have errors, which are told: nothing more is said about workloads of them.
    ``schemas`` are those of projects and environments with these kinds in them; none where there are no such kinds.
    """

    every: Mapping[str, Kind] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    cases: Mapping[str, Node] = field(default_factory=dict)


NONE = Kinds()
