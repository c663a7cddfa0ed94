"""A text that Kustomize cannot build again: of several lines, or the key of an annotation."""

import re
from collections.abc import Iterator, Sequence

from mlgen.manifest import Manifest
from mlgen.node import Json, Path
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="unbuildable-text",
    title="A text of several lines whose first line begins with a tab, or an annotation with a number for a key",
    why="Kustomize writes what it patches, and all annotations, anew, and cannot read such a text back: the overlay "
    "would not build.",
    bad='command: [sh, -c, "\\techo one\\n\\techo two\\n"]',
    good='command: [sh, -c, "echo one\\necho two\\n"]',
    source="kustomize 5.5, kyaml: a block scalar that begins with a tab; keys of annotations lose their quotes",
)
# What YAML takes for something else than text, of what Kubernetes takes for a key.
NO_TEXT = re.compile(
    r"(?i:null|true|false)|[0-9][0-9_]*(\.[0-9_]*)?([eE]-?[0-9]+)?|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Every text of every object, whether or not some environment patches it today."""
    for manifest in manifests:
        for path, text in _texts(manifest.body, ()):
            if "\n" in text and text.lstrip("\n").startswith("\t"):
                message = "the first line of this text begins with a tab, and Kustomize could not build it"
                yield Problem(RULE.id, span_of(manifest.origins, path), message, "remove the tab, or write spaces")
        yield from _keys(manifest)


def _keys(manifest: Manifest) -> Iterator[Problem]:
    metadata = manifest.body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    for key in annotations if isinstance(annotations, dict) else ():
        if NO_TEXT.fullmatch(key):
            message = f"an annotation has the key `{key}`, which is no text to Kustomize, and it could not build it"
            span = span_of(manifest.origins, ("metadata", "annotations", key))
            yield Problem(RULE.id, span, message, f"choose another key, such as `example.com/{key}`")


def _texts(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _texts(below, (*path, index))
