"""The kinds of workload that a platform repository adds under kinds/, as values, and the schemas that know them."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.node import Node
from mlgen.schema.contract import Schema

FOLDER = "kinds"
SCHEMA = "schema.json"
CASES = "cases"


class Kind(NamedTuple):
    """One kind: what schema.json says, and a template for each back-end, by its name."""

    name: str
    schema: Node
    templates: Mapping[str, Node]


class Kinds(NamedTuple):
    """All of a repository's own kinds by name; with the cases that prove them, by their files.

    ``broken`` are the names of those that have errors, which are told: nothing more is said about workloads of them.
    ``schemas`` are those of projects and environments with these kinds in them; none where there are no such kinds.
    """

    every: Mapping[str, Kind] = {}
    broken: frozenset[str] = frozenset()
    schemas: Mapping[str, Schema] = {}
    cases: Mapping[str, Node] = {}


NONE = Kinds()
