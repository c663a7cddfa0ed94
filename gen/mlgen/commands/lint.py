"""`mlgen lint`: everything that a cluster would have against Kubernetes manifests, whoever wrote them; reads only."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mlgen import report
from mlgen.commands import UsageError, console, counted
from mlgen.commands.manifests import Manifests, read_manifests
from mlgen.commands.shares import examined
from mlgen.crd import imported
from mlgen.gathered import Setting
from mlgen.ingredients import ingredients
from mlgen.kubernetes.bundle import MINORS
from mlgen.linted import Linted, judged
from mlgen.problem import MlgenError, Problem, errors, in_order

DEFAULT = MINORS[-3]  # the newest but two: what clusters that are kept current run
SHOWN = 3
ENVIRONMENTS, SCHEMAS = "environments/", "schemas/"


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
    """A version of Kubernetes, an environment of the platform repository, or that with another version; and the
    custom resources that the repository has schemas of, if there is one.

    Raises UsageError where there is none of that name, MlgenError where an environment is wrong itself.
    """
    minor = _minor(kubernetes or DEFAULT)
    if environment is not None:
        found = _offered(root, environment)
        return replace(found, minor=minor) if kubernetes else found
    folders = (root,) if root is not None else (Path.cwd(), *Path.cwd().parents)
    top = next((folder for folder in folders if (folder / "environments").is_dir()), None)
    if root is None and (top is None or not (top / "schemas").is_dir()):
        return Setting(minor)
    from mlgen import disk  # it costs a third of a start-up, and most manifests lie elsewhere
    from mlgen.commands.workspace import find_root

    files, _ = disk.read_inputs(find_root(root or top))
    texts = {file: data.decode(errors="replace") for file, data in files.items() if file.startswith(SCHEMAS)}
    return Setting(minor, imported=imported(texts))


def _offered(root: Path | None, environment: str) -> Setting:
    """What an environment of the platform repository offers, and what its cluster enforces. Raises as above."""
    from mlgen import disk
    from mlgen.commands.workspace import find_root
    from mlgen.existing import named_in
    from mlgen.platform import BASE, load
    from mlgen.policy.documents import offered
    from mlgen.suggest import did_you_mean

    files, problems = disk.read_inputs(find_root(root))
    platform = load(files, tuple(problems))
    known = [name for name in platform.environments if name != BASE]
    if environment not in known:
        if wrong := [one for one in errors(platform.problems) if one.span.file.startswith(ENVIRONMENTS)]:
            raise MlgenError(*wrong)
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, known))
    offer = platform.environments[environment]
    besides = frozenset(one for project in platform.projects.values() for one in named_in(project, offer))
    policies = offered(offer, platform.policies)
    if policies.documents:
        from mlgen.policy.offered import problems as wrong_policies  # CEL, which most platforms do without

        if unfit := errors(list(wrong_policies(offer, platform.policies))):
            raise MlgenError(*unfit)
    return Setting(str(offer["kubernetes"].scalar), offer, besides, imported(platform.schemas), policies)


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
