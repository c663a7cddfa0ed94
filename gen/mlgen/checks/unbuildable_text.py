"""A text of several lines that Kustomize cannot build again."""

from collections.abc import Iterator, Sequence

from mlgen.manifest import Manifest
from mlgen.node import Json, Path
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="unbuildable-text",
    title="A text of several lines whose first line begins with a tab",
    why="Kustomize writes what it patches anew, and cannot read such a text back: the overlay would not build.",
    bad='command: [sh, -c, "\\techo one\\n\\techo two\\n"]',
    good='command: [sh, -c, "echo one\\necho two\\n"]',
    source="kustomize 5.5, kyaml: a block scalar that begins with a tab",
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every text of every object, whether or not some environment patches it today."""
    for manifest in manifests:
        for path, text in _texts(manifest.body, ()):
            if "\n" in text and text.lstrip("\n").startswith("\t"):
                message = "the first line of this text begins with a tab, and Kustomize could not build it"
                yield Problem(RULE.id, span_of(manifest.origins, path), message, "remove the tab, or write spaces")


def _texts(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _texts(below, (*path, index))
