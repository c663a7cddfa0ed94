"""A path below the root of a platform repository -> whether mlgen reads a file there, or almost would."""

import re
from pathlib import PurePosixPath

from mlgen.components import FOLDER as COMPONENTS
from mlgen.own.kind import CASES, FOLDER, SCHEMA
from mlgen.problem import Problem, Span
from mlgen.site import MANIFESTS, SEALED

SCHEMAS, POLICIES = "schemas", "policies"
DEEPEST = 8
NAMES = ("mlgen.yaml", "releases.yaml")
INPUTS = (COMPONENTS, "environments", FOLDER, "projects", POLICIES, SCHEMAS)  # the folders that inputs lie in
_INPUT = re.compile(
    r"environments/[^/]+\.yaml"
    r"|projects/[^/.][^/]*/(?:mlgen\.yaml|releases\.yaml"
    rf"|{MANIFESTS}/[^/]+\.yaml|{SEALED}/[^/]+/[^/]+\.yaml)"
    rf"|{FOLDER}/[^/.][^/]*/(?:{re.escape(SCHEMA)}|(?:{CASES}/)?[^/]+\.yaml)"
    rf"|{COMPONENTS}/(?:[^/.][^/]*/){{1,{DEEPEST - 1}}}[^/]+\.yaml"
    rf"|{SCHEMAS}/[^/]*\.[^/]*/[^/.][^/]*\.json"
    rf"|{POLICIES}/(?:[^/.][^/]*/){{0,{DEEPEST - 1}}}[^/]+\.yaml"
)


def is_input(path: str) -> bool:
    """Whether ``path`` is one of a file that mlgen reads: what git knows of a revision is chosen by it."""
    return _INPUT.fullmatch(path) is not None


def misnamed(path: str) -> Problem | None:
    """What is wrong with the name of a file that mlgen would read under another one: mlgen.yml, Releases.yaml."""
    lying = PurePosixPath(path)
    if is_input(path) or lying.suffix.lower() not in (".yaml", ".yml") or lying.parts[0] == COMPONENTS:
        return None
    right = lying.with_suffix(".yaml")
    lower = right.with_name(right.name.lower())
    if lower.name in NAMES and is_input(str(lower)):
        return wrong_name(lying, lower.name)
    return wrong_name(lying, right.name) if is_input(str(right)) else None


def wrong_name(path: PurePosixPath, right: str) -> Problem:
    """The problem that mlgen reads ``right`` and not ``path``."""
    message = f"mlgen reads {right}, not {path.name}"
    return Problem("wrong-file-name", Span(str(path), 1, 1, 1, 1), message, f"rename it to {right}")
