"""A model without a version in a protected environment."""

import re
from collections.abc import Iterator, Sequence

from mlgen.faults.case import code
from mlgen.manifest import Manifest
from mlgen.node import Json, Path
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import said

RULE = Rule(
    id="unversioned-model",
    title="A model without a version in a protected environment",
    why="What lies at the address can be exchanged: what was tested would not be what answers, and nothing goes back.",
    bad="storageUri: s3://models/churn/latest",
    good="storageUri: s3://models/churn/42",
    source="kserve.github.io, Model Storage",
)
KEYS = ("storageUri", "modelUri")
# A part of the address that tells one version from another: `42`, `v1.2`, `churn-v3`, `2026-11-01`, a commit, a digest.
VERSION = re.compile(r"(?:^|[-_.@:=])v?[0-9]+(?:[-_.+].*)?$|(?:^|[@:])(?:sha256:)?[0-9a-f]{7,64}$", re.IGNORECASE)
MOVING = frozenset(("latest", "main", "master", "head", "current", "stable", "prod", "production"))


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every address of a model in custom resources, where the environment says `protected: true`."""
    protected = site.offer["protected"]
    for manifest in manifests if protected.value is True else ():
        for path, address in _addresses(manifest.body.get("spec"), ("spec",)):
            if not _has_version(address):
                message = (
                    f"the model {code(address)} has no version, and one is required in `{said(site.offer['name'])}`"
                )
                hint = "write the folder, the revision or the digest of one version"
                related = ((protected.span, "this environment is protected"),)
                yield Problem(RULE.id, manifest.cause(path), message, hint, related=related)


def _has_version(address: str) -> bool:
    """Whether a part of it, but the host or bucket, is a version, and none is a name that moves."""
    _, _, rest = address.partition("://")
    parts = [part for part in rest.split("/")[1:] if part]
    moving = any(piece in MOVING for part in parts for piece in re.split("[:@]", part.lower()))
    return not moving and any(VERSION.search(part) for part in parts)


def _addresses(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in KEYS and isinstance(below, str):
                yield (*path, key), below
            else:
                yield from _addresses(below, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _addresses(item, (*path, index))
