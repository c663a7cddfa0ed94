"""`mlgen lint`: everything that a cluster would have against Kubernetes manifests, whoever wrote them; reads only."""

import gc
import posixpath
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from mlgen import report
from mlgen.commands import UsageError, console, counted
from mlgen.commands.manifests import Manifests, read_manifests
from mlgen.commands.shares import examined
from mlgen.commands.surroundings import Surroundings
from mlgen.examined import Examined
from mlgen.gathered import Setting
from mlgen.ingredients import ingredients
from mlgen.linted import Linted, judged
from mlgen.overlaid import overlays, with_components
from mlgen.problem import Problem, errors, in_order

SHOWN = 3
CLUSTERS = "clusters"  # overlays/clusters/<environment>/ is what points an engine at overlays
# What a pipeline of an overlay makes in the cluster is in no file, and a selector may well find that.
UNSEEN = frozenset(("selects-nothing",))


class Checked(NamedTuple):
    """What came of it: ``passed_over`` are the files that are no manifests, though their folder was named.

    ``overlays`` are the folders that mlgen rendered, judged as what a cluster gets of them; ``minors`` the versions of
    Kubernetes that all was judged for; ``aside`` are the overlays of which components make something else.
    """

    linted: Linted
    files: int
    passed_over: list[str]
    overlays: int
    minors: list[str]
    aside: int = 0


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
        there = Surroundings(root, kubernetes, environment)
        checked = _checked(read_manifests(targets), there, read_manifests([base] if base else []))
        problems = in_order(checked.linted.problems)
        console.show(problems, checked.linted.sources, form) if form != "json" else _document(problems, checked)
        if form not in report.DOCUMENTS:
            console.say(_summary(checked))
        return console.verdict(problems, strict=strict)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for cycles: there are none, and it would go through all manifests again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _present(*paths: Path) -> None:
    """Raises UsageError for a path that leads nowhere."""
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise UsageError(f"there is no file {path}")


def _checked(found: Manifests, there: Surroundings, before: Manifests) -> Checked:
    """Judge what was found, but for what nobody meant: files in a folder that are no manifests.

    Each overlay by itself, as what a cluster gets of it, and all else together.
    """
    files, old = _whole(found), _whole(before)
    made = list(overlays(found.kustomizations, found.files, found.rendered))
    aside = with_components(found.kustomizations, found.rendered)
    files = {file: data for file, data in files.items() if posixpath.dirname(file) not in aside}
    inside = {file for one in made for file in (*one.own, *one.shared)}
    rest = {file: data for file, data in files.items() if file not in inside}
    meant = [one for one in examined(rest, there.setting) if not one.foreign or one.file in found.named]
    parts = _by_environment(meant, there)
    for one in made:
        setting = there.of(one.folder)
        parts.append((one.examined(files, setting), setting))
    kept = {one.file for some, _ in parts for one in some} | inside
    sources = {file: data for file, data in files.items() if file in kept}
    judgements = [judged(some, sources, setting, old) for some, setting in parts or [(meant, there.setting)]]
    problems = [*found.problems, *before.problems, *(one for each in judgements for one in each.problems)]
    problems = [one for one in dict.fromkeys(problems) if one.rule not in UNSEEN or one.span.file not in inside]
    count = sum(each.objects for each in judgements)
    others = {file for file in found.files.keys() - kept if not _within(file, aside)}
    passed_over = sorted(others | (found.kustomizations.keys() & found.sought))
    if not count and not errors(problems):
        names = _listed(passed_over)
        raise UsageError("there is no manifest to check", f"passed over: {names}" if names else "")
    linted = Linted(problems, judgements[0].sources, count)
    minors = sorted({setting.minor for _, setting in parts})
    return Checked(linted, len(kept), passed_over, len(made), minors, len(aside))


def _within(file: str, folders: Collection[str]) -> bool:
    """Whether a file lies in one of ``folders``, or in that of its patches."""
    folder = posixpath.dirname(file)
    return folder in folders or posixpath.dirname(folder) in folders


def _by_environment(meant: Sequence[Examined], there: Surroundings) -> list[tuple[Sequence[Examined], Setting]]:
    """What is judged together: pointers with those for the same environment, and all else."""
    groups: dict[str, list[Examined]] = {"": []}
    for one in meant:
        folder = PurePath(one.file).parent
        groups.setdefault(str(folder) if folder.parent.name == CLUSTERS else "", []).append(one)
    return [(some, there.of(folder) if folder else there.setting) for folder, some in groups.items() if some]


def _whole(found: Manifests) -> dict[str, bytes]:
    """The files but for those that a kustomization takes for something else than objects."""
    taken = ingredients(found.kustomizations)
    return {file: data for file, data in found.files.items() if file not in taken}


def _document(problems: Sequence[Problem], checked: Checked) -> None:
    counts = {"objects": checked.linted.objects, "files": checked.files, "overlays": checked.overlays}
    minors = ", ".join(checked.minors)
    console.product(report.document(problems, kubernetes=minors, **counts, passed_over=checked.passed_over))


def _summary(checked: Checked) -> str:
    """How much was checked, and what was not."""
    objects, files = counted(checked.linted.objects, "object"), counted(checked.files, "file")
    nothing = "" if checked.linted.problems else ", nothing wrong"
    said = f"{objects} in {files} checked for Kubernetes {', '.join(checked.minors)}{nothing}"
    if checked.overlays:
        overlays = counted(checked.overlays, "overlay")
        said += f"\n{overlays} that mlgen rendered: checked as what a cluster gets; `mlgen check` knows more of them"
    if checked.aside:
        overlays = counted(checked.aside, "overlay")
        said += f"\n{overlays} with components: what a cluster gets of those, only `mlgen check` knows"
    if not checked.passed_over:
        return said
    return (
        f"{said}\n{counted(len(checked.passed_over), 'file')} passed over, no manifests: {_listed(checked.passed_over)}"
    )


def _listed(files: Sequence[str]) -> str:
    beyond = len(files) - SHOWN
    return ", ".join([*files[:SHOWN], *([f"and {beyond} more"] if beyond > 0 else [])])
