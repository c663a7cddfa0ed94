"""`mlgen lint`: everything that a cluster would have against Kubernetes manifests, whoever wrote them; reads only."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mlgen import report
from mlgen.commands import UsageError, console, counted
from mlgen.commands.manifests import Manifests, read_manifests
from mlgen.commands.shares import examined
from mlgen.gathered import Setting
from mlgen.ingredients import ingredients
from mlgen.kubernetes.bundle import MINORS
from mlgen.linted import Linted, judged
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, errors, in_order

DEFAULT = MINORS[-3]  # the newest but two: what clusters that are kept current run
SHOWN = 3
ENVIRONMENTS = "environments/"


class Checked(NamedTuple):
    """What came of it: ``passed_over`` are the files that are no manifests, though their folder was named."""

    linted: Linted
    files: int
    passed_over: list[str]


def lint(
    targets: Sequence[Path],
    *,
    kubernetes: str | None,
    environment: str | None,
    base: Path | None,
    root: Path | None,
    form: str,
    strict: bool,
) -> int:
    """Check the manifests in ``targets`` for a version of Kubernetes, or for an environment of a platform."""
    with _uncollected():
        _present(*targets, *([base] if base else []))
        setting = _setting(root, kubernetes, environment)
        checked = _checked(read_manifests(targets), setting, read_manifests([base] if base else []))
        problems = in_order(checked.linted.problems)
        console.show(problems, checked.linted.sources, form) if form != "json" else _document(
            problems, checked, setting
        )
        if form not in report.DOCUMENTS:
            console.say(_summary(checked, setting))
        return console.verdict(problems, strict=strict)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for cycles: there are none, and it would go through all manifests again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # or it would all the same, once, at the end
        gc.enable()


def _present(*paths: Path) -> None:
    """Raises UsageError for a path that leads nowhere."""
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise UsageError(f"there is no file {path}")


def _setting(root: Path | None, kubernetes: str | None, environment: str | None) -> Setting:
    """A version of Kubernetes, an environment of the platform repository, or that with another version.

    Raises UsageError where there is none of that name, MlgenError where an environment is wrong itself.
    """
    minor = _minor(kubernetes or DEFAULT)
    if environment is None:
        return Setting(minor)
    offer = _offer(root, environment)
    return Setting(minor if kubernetes else str(offer["kubernetes"].scalar), offer)


def _offer(root: Path | None, environment: str) -> Node:
    """What an environment of the platform repository offers. Raises as ``_setting`` does."""
    from mlgen import disk  # all of this, and what it loads, only for --env: it would take a third of a start-up
    from mlgen.commands.workspace import find_root
    from mlgen.platform import BASE, load
    from mlgen.suggest import did_you_mean

    files, problems = disk.read_inputs(find_root(root))
    offers = {file: data for file, data in files.items() if file.startswith(ENVIRONMENTS)}
    platform = load(offers, tuple(problem for problem in problems if problem.span.file.startswith(ENVIRONMENTS)))
    known = [name for name in platform.environments if name != BASE]
    if environment not in known:
        if wrong := errors(platform.problems):
            raise MlgenError(*wrong)
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, known))
    return platform.environments[environment]


def _minor(version: str) -> str:
    """A minor version of Kubernetes as it may be written: 1.34, v1.34.2. Raises UsageError for an unknown one."""
    minor = ".".join(version.removeprefix("v").split(".")[:2])
    if minor not in MINORS:
        raise UsageError(f"there are no schemas of Kubernetes {version}", f"those are {MINORS[0]} to {MINORS[-1]}")
    return minor


def _checked(found: Manifests, setting: Setting, before: Manifests) -> Checked:
    """Judge what was found, but for what nobody meant: files in a folder that are no manifests."""
    files = _whole(found)
    meant = [one for one in examined(files, setting) if not one.foreign or one.file in found.named]
    kept = {one.file: files[one.file] for one in meant}
    linted = judged(meant, kept, setting, _whole(before))
    problems = [*found.problems, *before.problems, *linted.problems]
    passed_over = sorted((found.files.keys() - kept.keys()) | (found.kustomizations.keys() & found.sought))
    if not linted.objects and not errors(problems):
        names = _listed(passed_over)
        raise UsageError("there is no manifest to check", f"passed over: {names}" if names else "")
    return Checked(linted._replace(problems=problems), len(meant), passed_over)


def _whole(found: Manifests) -> dict[str, bytes]:
    """The files but for those that a kustomization takes for something else than objects."""
    taken = ingredients(found.kustomizations)
    return {file: data for file, data in found.files.items() if file not in taken}


def _document(problems: Sequence[Problem], checked: Checked, setting: Setting) -> None:
    counts = {"kubernetes": setting.minor, "objects": checked.linted.objects, "files": checked.files}
    console.product(report.document(problems, **counts, passed_over=checked.passed_over))


def _summary(checked: Checked, setting: Setting) -> str:
    """How much was checked, and what was not."""
    objects, files = counted(checked.linted.objects, "object"), counted(checked.files, "file")
    nothing = "" if checked.linted.problems else ", nothing wrong"
    said = f"{objects} in {files} checked for Kubernetes {setting.minor}{nothing}"
    if not checked.passed_over:
        return said
    return (
        f"{said}\n{counted(len(checked.passed_over), 'file')} passed over, no manifests: {_listed(checked.passed_over)}"
    )


def _listed(files: Sequence[str]) -> str:
    beyond = len(files) - SHOWN
    return ", ".join([*files[:SHOWN], *([f"and {beyond} more"] if beyond > 0 else [])])
