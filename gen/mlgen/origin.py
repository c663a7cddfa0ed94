"""A place that put a value into an object -> which layer it belongs to, in words."""

from mlgen.node import Node
from mlgen.problem import Span


def layer(span: Span, project: Node, environment: str) -> str:
    """The layer that ``span`` belongs to, as a reader knows it."""
    file = span.file
    if file.startswith("schemas/"):
        return "default"
    if file.startswith("environments/"):
        return f"environment {file.removeprefix('environments/').removesuffix('.yaml')}"
    if file.endswith("releases.yaml"):
        return "release"
    own = project["environments"].get(environment)
    if own is not None and _within(span, own.span):
        return f"project, for {environment}"
    return "project"


def _within(span: Span, outer: Span) -> bool:
    return outer[1:3] <= span[1:3] and span[3:5] <= outer[3:5]
