"""`mlgen import`: Kubernetes manifests written by hand -> a spec that builds them, and the proof of that."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlgen import disk, document
from mlgen.commands import PROBLEMS, UsageError, console
from mlgen.commands.init import write_new
from mlgen.commands.manifests import Manifests, read_manifests
from mlgen.imports import kustomization, told
from mlgen.imports.form import by_name
from mlgen.imports.hidden import veiled
from mlgen.imports.imported import imported
from mlgen.imports.naming import name
from mlgen.imports.reading import read
from mlgen.imports.source import Source
from mlgen.ingredients import NAMES, is_kustomization
from mlgen.platform import BASE
from mlgen.problem import MlgenError, Problem
from mlgen.sources import Shown

ENVIRONMENT = "dev"  # where nobody says otherwise
FARTHEST = 20  # kustomizations that build on each other


def import_(targets: Sequence[str], output: Path | None, *, form: str, strict: bool) -> int:
    """Print the spec, or write it to ``output``, and say what is not in it."""
    _free(output)
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    shown = Shown(texts, texts.__getitem__)
    objects = {place: found for place, found in _objects(targets, _home(output), problems, texts).items() if found}
    if not objects:
        console.show(problems, shown, form, sys.stderr)
        raise UsageError("there is no object to import")
    called = output.resolve().parent.name if output is not None else by_name(next(iter(objects.values()))[0])
    try:
        found = imported(name(called), objects)
    except MlgenError as error:
        console.show([*problems, *error.problems], shown, form, sys.stderr)
        return PROBLEMS
    secret = list(told.secret_places(found))
    texts |= {file: veiled(text, [span for span in secret if span.file == file]) for file, text in texts.items()}
    _give(found.text, output)
    for line in told.lines(found):
        console.say(line)
    problems += told.problems(found)
    console.show(problems, shown, form, sys.stderr)
    console.say("\n".join(["", told.summary(found), *told.judged(found)]))
    return console.verdict(problems, strict=strict)


def _free(output: Path | None) -> None:
    """Raises UsageError where something is there already."""
    if output is not None and (output.exists() or output.is_symlink()):
        raise UsageError(f"{output} is there already, and mlgen overwrites nothing that you wrote")


def _home(output: Path | None) -> str:
    """The environment that is meant where nothing says which: one that the repository of ``output`` has."""
    root = disk.find_root(output.resolve().parent) if output is not None else None
    names = sorted(path.stem for path in (root / "environments").glob("*.yaml")) if root is not None else []
    others = [found for found in names if found != BASE]
    return ENVIRONMENT if not others or ENVIRONMENT in others else others[0]


def _objects(
    targets: Sequence[str], home: str, problems: list[Problem], texts: dict[str, str]
) -> dict[str, list[Source]]:
    """The objects by environment: each kustomization on which no other builds is one; of one alone it is ``home``.

    Adds to ``problems`` and ``texts``. Raises UsageError for what is not there.
    """
    paths = [Path(target) for target in targets]
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise UsageError(f"there is no file {path}")
    found = read_manifests(paths)
    problems += found.problems
    files = kustomization.Files(_reached(found), texts, problems)
    if not found.sought:
        return {home: list(_plain(found, files))}
    ends = kustomization.roots(files, sorted(found.sought))
    result = {}
    for file in ends:
        try:
            result[_environment(file, ends, home)] = kustomization.objects(files, file)
        except MlgenError as error:
            problems += error.problems
            texts.setdefault(file, document.text(files.data[file], file))
    return result


def _environment(file: str, ends: Sequence[str], home: str) -> str:
    """What the environment of a kustomization is called: as its folder, where there are several to tell apart."""
    folder = name(Path(file).parent.name)
    alike = [other for other in ends if name(Path(other).parent.name) == folder]
    if len(ends) == 1:
        return home
    return folder if len(alike) == 1 else name(str(Path(file).parent))


def _reached(found: Manifests) -> dict[str, bytes]:
    """All files, those of the folders among them on which a kustomization builds that was named."""
    data = {**found.files, **found.kustomizations}
    for _ in range(FARTHEST):
        files = kustomization.Files(data, {}, [])
        wanted = {folder for file in data if is_kustomization(file) for folder in kustomization.folders(files, file)}
        new = [folder for folder in sorted(wanted) if not files.kustomization(folder) and _is_built(folder)]
        if not new:
            break
        more = read_manifests([Path(folder) for folder in new])
        data = {**more.files, **more.kustomizations, **data}
    return data


def _is_built(folder: str) -> bool:
    """Whether Kustomize builds a folder: of no other is anything read that nobody named."""
    return any(Path(folder, file).is_file() for file in NAMES)


def _plain(found: Manifests, files: kustomization.Files) -> Iterator[Source]:
    """Every object of every file."""
    for file in found.files:
        here: list[Problem] = []
        yield from read(files.documents(file), here)
        # Of a folder, what is no manifest was not meant.
        files.problems.extend(here if file in found.named else [one._replace(severity="warning") for one in here])


def _give(text: str, output: Path | None) -> None:
    if output is None:
        console.product(text)
    elif write_new(output, text):
        console.say(f"written  {output}")
    else:
        raise UsageError(f"{output} is there already, and mlgen overwrites nothing that you wrote")
