"""A place that put a value into an object -> which layer it belongs to, in words."""

from mlgen.components import FOLDER as COMPONENTS
from mlgen.node import Node
from mlgen.own.kind import FOLDER, SCHEMA
from mlgen.problem import Span


def layer(span: Span, project: Node, environment: str) -> str:
    """The layer that ``span`` belongs to, as a reader knows it."""
    file = span.file
    if not is_written(span):
        return "default"
    if file.startswith(f"{COMPONENTS}/"):
        return f"component {file.split('/')[1]}"
    if file.startswith(f"{FOLDER}/"):
        return f"kind {file.split('/')[1]}"
    if file.startswith("environments/"):
        return f"environment {file.removeprefix('environments/').removesuffix('.yaml')}"
    if file.endswith("releases.yaml"):
        return "release"
    own = project["environments"].get(environment)
    if own is not None and _within(span, own.span):
        return f"project, for {environment}"
    return "project"


def is_written(span: Span) -> bool:
    """Whether somebody wrote it for a project, an environment or a kind; else it is a default of a schema."""
    file = span.file
    return not file.startswith("schemas/") and not (file.startswith(f"{FOLDER}/") and file.endswith(f"/{SCHEMA}"))


def _within(span: Span, outer: Span) -> bool:
    return outer[1:3] <= span[1:3] and span[3:5] <= outer[3:5]
