"""`mlgen diff`: what a change does, object by object, with its risk; reads git objects and the work tree only."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlgen import disk, report
from mlgen.changes import between as pairs
from mlgen.changes.data import data
from mlgen.changes.markdown import markdown
from mlgen.changes.refused import problems as refused
from mlgen.changes.text import text
from mlgen.changes.touched import differing, projects_in, touched
from mlgen.commands import FINE, PROBLEMS, UsageError, console
from mlgen.commands.revision import Files, files, of_projects
from mlgen.commands.workspace import find_root
from mlgen.platform import BASE, load
from mlgen.problem import Problem, errors, in_order
from mlgen.repo import Repository
from mlgen.suggest import did_you_mean


def diff(
    root: Path | None,
    projects: list[str],
    *,
    base: str,
    head: str | None,
    environment: str | None,
    form: str,
    ask: bool,
) -> int:
    """Compare ``base``, a revision, with ``head`` or what lies in the work tree. ``ask``: 1 if anything changes."""
    top = find_root(root)
    repository = Repository.around(top)
    if repository is None:
        raise UsageError(f"{top} is in no git repository, so there is nothing to compare it with")
    commit = repository.commit(base)
    now, wrong = disk.read_inputs(top) if head is None else (files(repository, repository.commit(head), {}), [])
    before = files(repository, repository.fork(commit) if head is None else commit, now)
    meant = _meant(before, now, projects)
    old, new = load(of_projects(before, meant)), load(of_projects(now, meant), tuple(wrong))
    known = {name for platform in (old, new) for name in platform.environments} - {BASE}
    if environment is not None and environment not in known:
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, sorted(known)))
    found = pairs.between(old, new, sorted(meant), environment)
    return tell(found, new.sources, form, ask=ask)


def tell(found: pairs.Between, sources: Mapping[str, str], form: str, *, ask: bool) -> int:
    """Print what was found; the exit code."""
    problems = in_order([*errors(found.after), *_refused(found)])
    if problems and form != "json":
        console.show(problems, sources, "text", sys.stderr)
    if form == "json":
        console.product(report.document(problems, differences=data(found.differences)))
    elif form == "markdown":
        console.product(markdown(found.differences))
    else:
        console.product(text(found.differences, color=console.colourful(sys.stdout)))
        if not found.differences:
            console.say("Nothing that is rendered changes.")
    if not problems and errors(found.before):
        console.say("The base has errors: what could not be built there shows as new here.")
    return PROBLEMS if problems or (ask and found.differences) else FINE


def _refused(found: pairs.Between) -> Iterator[Problem]:
    """What of the change cannot be made, each project's once for all environments."""
    for project in dict.fromkeys(one.project for one in found.differences):
        mine = [one for one in found.differences if one.project == project]
        yield from refused({one.environment: one.changes for one in mine})


def _meant(before: Files, now: Files, projects: list[str]) -> set[str]:
    """The projects that what differs can touch. Of those the ones asked for."""
    every = projects_in((*before, *now))
    if unknown := [name for name in projects if name not in every]:
        raise UsageError(f"there is no project `{unknown[0]}`", did_you_mean(unknown[0], sorted(every)))
    changed = touched(differing(before, now), every)
    return changed & set(projects) if projects else changed
