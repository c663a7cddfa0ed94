"""`mlgen init`: a platform repository that works at once; what is there stays."""

import shlex
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from mlgen import schema
from mlgen.commands import FINE, console
from mlgen.commands.schema import NAMES

GITATTRIBUTES = """\
# mlgen compares what it wrote byte for byte. Reviewers read manifests, and nobody reads digests.
overlays/** text eol=lf
overlays/**/mlgen.lock linguist-generated gitlab-generated -diff
"""
PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: mlgen-check
        name: mlgen check
        entry: mlgen check --staged
        language: system
        pass_filenames: false
        always_run: true
"""


def init(folder: Path, ci: str | None = None) -> int:
    """Write environments, schemas for the editor and a first project into ``folder``; and, for ``ci``, pipelines."""
    if ci is not None:
        from mlgen.commands import pipelines

        pipelines.check_place(folder)
    theirs = [name for name in ("environments", "projects") if any((folder / name).glob("*"))]
    for name in theirs:
        console.product(f"kept     {name}/\n")
    mine = [(path, text) for path, text in contents() if path.split("/")[0] not in theirs]
    written = sum([_tell(path, write_new(folder / path, text)) for path, text in mine])
    kept: list[str] = []
    if ci is not None:
        for path, text in pipelines.contents(folder, ci):
            new = not pipelines.shadowed(folder, ci, path) and write_new(folder / path, text)
            written += _tell(path, new)
            kept += [] if new else [path]
    if not written:
        console.say("Nothing to do.")
        return FINE
    where = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    console.say(f"\nNext: {where}mlgen render\nThen: edit environments/*.yaml until they say what your clusters offer")
    if ci is not None:
        console.say("\n".join(pipelines.advice(ci, kept)))
    return FINE


def _tell(path: str, new: bool) -> bool:
    console.product(f"{'written' if new else 'kept':<8} {path}\n")
    return new


def write_new(path: Path, text: str) -> bool:
    """Write ``text`` to ``path`` unless something is there, be it a link that leads nowhere; whether it did."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def contents() -> Iterator[tuple[str, str]]:
    """Every file of a new platform repository, by its path."""
    shipped = files("mlgen.environments")
    for name in sorted(entry.name for entry in shipped.iterdir() if entry.name.endswith(".yaml")):
        yield f"environments/{name}", shipped.joinpath(name).read_text("utf-8")
    for name in NAMES:
        yield f"schemas/{name}.json", schema.load(name).text
    yield "projects/hello/mlgen.yaml", files("mlgen.projects").joinpath("hello", "mlgen.yaml").read_text("utf-8")
    yield ".gitattributes", GITATTRIBUTES
    yield ".pre-commit-config.yaml", PRE_COMMIT
