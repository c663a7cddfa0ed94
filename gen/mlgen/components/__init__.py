"""The Kustomize Components of a platform repository, as values: what an environment lays over its projects' objects."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.node import Node

FOLDER = "components"
KUSTOMIZATION = "kustomization.yaml"


class Patch(NamedTuple):
    """One patch: what it is of, and its document: part of an object, or a list of RFC 6902 operations."""

    target: Node
    document: Node


class Component(NamedTuple):
    """One folder: the objects that it adds, and the patches of what is there."""

    path: str
    resources: tuple[Node, ...]
    patches: tuple[Patch, ...]


class Components(NamedTuple):
    """Those that environments name, by their paths. ``broken`` are those with errors, which are told."""

    every: Mapping[str, Component] = {}
    broken: frozenset[str] = frozenset()


NONE = Components()
