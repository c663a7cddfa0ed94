"""The sealed secrets that lie in a project's folder -> those for one environment, and those that nothing uses."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.platform import Platform
from mlgen.problem import Problem, Span
from mlgen.suggest import closest


def here(platform: Platform, project: Node, environment: str) -> dict[str, Node | None]:
    """By the secret's name, what is sealed for ``environment``; None in the place of what cannot be read."""
    return {
        PurePosixPath(file).stem: document
        for file, document in _files(platform, project)
        if PurePosixPath(file).parent.name == environment
    }


def unused(platform: Platform, project: Node, manifests: Iterable[Manifest]) -> Iterator[Problem]:
    """Files that none of ``manifests``, which are all that the project builds, came from."""
    files = dict(_files(platform, project))
    if not files:
        return
    used = {node.span.file for manifest in manifests for nodes in manifest.origins.values() for node in nodes}
    for file, document in files.items():
        if document is not None and file not in used:
            environment, name = PurePosixPath(file).parent.name, PurePosixPath(file).stem
            listed = project["environments"]
            meant = None if environment in listed else closest(environment, listed.entries)
            hint = f"did you mean {file.replace(f'/{environment}/', f'/{meant}/')}?" if meant else "delete the file"
            message = f"nothing in `{environment}` uses the secret `{name}`"
            yield Problem("unused", Span(file, 1, 1, 1, 1), message, hint, "warning")


def _files(platform: Platform, project: Node) -> Iterator[tuple[str, Node | None]]:
    folder = PurePosixPath(project.span.file).parent
    for file, document in platform.sealed.items():
        if PurePosixPath(file).parents[2] == folder:
            yield file, document
