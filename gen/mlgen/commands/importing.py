"""`mlgen import`: Kubernetes manifests written by hand -> a spec that builds them, and the proof of that."""

import sys
from collections.abc import Sequence
from pathlib import Path

from mlgen import document
from mlgen.commands import UsageError, console
from mlgen.commands.init import write_new
from mlgen.commands.manifests import Manifests, read_manifests
from mlgen.imports import told
from mlgen.imports.imported import imported
from mlgen.imports.naming import name
from mlgen.imports.source import Source, sources
from mlgen.problem import Problem
from mlgen.sources import Shown

ENVIRONMENT = "dev"  # where nobody says otherwise


def import_(targets: Sequence[str], output: Path | None, *, form: str, strict: bool) -> int:
    """Print the spec, or write it to ``output``, and say what is not in it."""
    _free(output)
    manifests = _read(targets)
    problems: list[Problem] = list(manifests.problems)
    texts: dict[str, str] = {}
    objects = list(_objects(manifests, problems, texts))
    shown = Shown(texts, texts.__getitem__)
    if not objects:
        console.show(problems, shown, form, sys.stderr)
        raise UsageError("there is no object to import")
    called = output.resolve().parent.name if output is not None else objects[0].name
    found = imported(name(called), {ENVIRONMENT: objects})
    _give(found.text, output)
    for line in told.lines(found):
        console.say(line)
    problems += told.problems(found)
    console.show(problems, shown, form, sys.stderr)
    console.say(f"\n{told.summary(found)}")
    return console.verdict(problems, strict=strict)


def _free(output: Path | None) -> None:
    """Raises UsageError where something is there already."""
    if output is not None and (output.exists() or output.is_symlink()):
        raise UsageError(f"{output} is there already, and mlgen overwrites nothing that you wrote")


def _read(targets: Sequence[str]) -> Manifests:
    """Raises UsageError for what is not there, and for a kustomization, which only Kustomize builds."""
    paths = [Path(target) for target in targets]
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise UsageError(f"there is no file {path}")
    found = read_manifests(paths)
    if found.sought:
        file = sorted(found.sought)[0]
        folder = str(Path(file).parent)
        raise UsageError(f"{file} is built by Kustomize", f"kubectl kustomize {folder} | mlgen import -")
    return found


def _objects(found: Manifests, problems: list[Problem], texts: dict[str, str]) -> list[Source]:
    """Every object of every file; adds to ``problems`` and ``texts``."""
    result: list[Source] = []
    for file, data in found.files.items():
        parsed = document.parse(data, file=file, dialect="kubernetes")
        texts[file] = parsed.text
        problems += parsed.problems
        here: list[Problem] = []
        result += sources(parsed.documents, here)
        # Of a folder, what is no manifest was not meant.
        problems += here if file in found.named else [one._replace(severity="warning") for one in here]
    return result


def _give(text: str, output: Path | None) -> None:
    if output is None:
        console.product(text)
    elif write_new(output, text):
        console.say(f"written  {output}")
    else:
        raise UsageError(f"{output} is there already, and mlgen overwrites nothing that you wrote")
