"""A secret in a store -> the Secret that is made from it in the cluster, and where each of its keys lies."""

import re

from mlgen.node import Node
from mlgen.objects import labels, metadata
from mlgen.site import Site
from mlgen.trace import Draft, Made, made, said

KEY_IN_PATH = re.compile(r"\{\{[^}]*\bsecret\s*\.\s*key\b")


def name(secret: Node, site: Site) -> Made:
    """The Secret's name, with the project's before it in a namespace that others share."""
    return made(site.object_name(said(secret)), secret)


def head(secret: Node, site: Site) -> dict[str, Draft]:
    """The metadata of what makes the Secret."""
    return metadata(site, name(secret, site), labels(site, secret))


def has_place_of_its_own(path: Node) -> bool:
    """Whether ``path`` tells the keys of a secret apart; otherwise they are fields of what lies there."""
    return KEY_IN_PATH.search(path.text if path.text is not None else said(path)) is not None


def place(secret: Node, key: Node, site: Site) -> Made:
    """Where ``key`` of ``secret`` lies in the environment's store. Raises MlgenError for a bad template."""
    path = site.offer["secrets"]["path"]
    inner = {"name": said(secret)} | ({"key": said(key)} if has_place_of_its_own(path) else {})
    return made(said(site.filled(path, secret=inner)), path, secret, key)
