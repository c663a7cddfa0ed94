"""`mlgen render` and `mlgen check`: write overlays/ and say what changed, or only say what would."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlgen import disk, engine, lock, ownership, report
from mlgen.commands import FINE, PROBLEMS, UsageError, account, console
from mlgen.commands.account import Work
from mlgen.commands.workspace import SPEC, Workspace, ground, open_workspace
from mlgen.disk import exchange
from mlgen.engine import Rendered
from mlgen.platform import BASE
from mlgen.problem import Problem, errors
from mlgen.suggest import did_you_mean

ELSEWHERE = f"# {lock.SIGNATURE} from {SPEC}.".encode()  # the first words in files of a project that lives elsewhere


def check(
    root: Path | None,
    targets: Sequence[str],
    *,
    environment: str | None,
    form: str,
    strict: bool,
    staged: bool = False,
    since: str | None = None,
) -> int:
    """Compare what is rendered with what should be, byte for byte; write nothing.

    ``staged``: as git would commit it. ``since``: only where a change since that revision can have made a difference.
    """
    workspace = open_workspace(root, targets, staged=staged, since=since)
    rendered = _rendered(workspace, environment)
    problems = list(rendered.problems)
    if not errors(problems):
        for project, (plan, _, found) in planned(workspace, rendered, environment, force=False).items():
            problems += [*found, *plan.problems, *ownership.stale(plan, f"{disk.OVERLAYS}/{project}")]
    if since is not None:
        from mlgen.commands.against import refused_since  # git, and how revisions are compared

        problems += refused_since(workspace, since, rendered)
    workspace.show(problems, form)
    if not problems and form == "text":
        console.say(f"{workspace.counted(since)} up to date")
    return console.verdict(problems, strict=strict)


def render(
    root: Path | None,
    targets: Sequence[str],
    *,
    environment: str | None,
    force: bool,
    form: str,
    strict: bool,
    fail_on_change: bool,
    staged: bool = False,
) -> int:
    """Write the overlays of the projects meant; nothing at all where anything is wrong.

    ``fail_on_change``: 1 if that wrote anything; ``staged``: 1 if git would commit anything else.
    """
    workspace = open_workspace(root, targets)
    index = ground(workspace.root, staged=True) if staged else None
    for sentence in exchange.recover(workspace.root):
        console.say(sentence)
    rendered = _rendered(workspace, environment)
    problems, works = list(rendered.problems), {}
    if not errors(problems):
        works = planned(workspace, rendered, environment, force=force)
        problems += [problem for plan, _, found in works.values() for problem in (*found, *plan.problems)]
    code = console.verdict(problems, strict=strict)
    if form != "json":
        workspace.show(problems, form, None if form in report.DOCUMENTS else sys.stderr)
    if code == FINE:
        exchange.write(workspace.root, {project: work.plan for project, work in works.items()})
    else:
        console.say("Nothing was written.")
        works = {}
    _tell(rendered, works, problems, form, done=code == FINE)
    changed = any(work.plan.changes for work in works.values())
    if code == FINE and index is not None:
        from mlgen.commands.staged import left  # git, which most renderings do without

        changed = bool(folders := left(index, workspace.ground, rendered.files, whole=workspace.whole))
        if folders:
            console.say(f"git would commit something else. Next: git add {' '.join(folders)}")
    return PROBLEMS if changed and (staged or fail_on_change) else code


def _tell(rendered: Rendered, works: Mapping[str, Work], problems: list[Problem], form: str, *, done: bool) -> None:
    """Print the account of what was written; for a program, with all that is wrong."""
    if form == "json":
        console.product(report.document(problems, **account.entries(rendered, works, disk.OVERLAYS)))
    elif done and form not in report.DOCUMENTS:
        console.product("".join(f"{line}\n" for line in account.lines(rendered, works)))


def _rendered(workspace: Workspace, environment: str | None) -> Rendered:
    known = workspace.environments
    if environment is not None and environment not in known:
        raise UsageError(f"there is no environment `{environment}`", did_you_mean(environment, known))
    return engine.render(workspace.platform, console.progress(workspace.projects, "rendering"), workspace.others)


def planned(workspace: Workspace, rendered: Rendered, environment: str | None, *, force: bool) -> dict[str, Work]:
    """What to do for each project meant, in one ``environment`` or all; where all are meant, for those gone too."""
    only = None if environment is None else {environment}
    works: dict[str, Work] = {}
    left = {*workspace.ground.projects()} if workspace.whole else set()
    left = left if workspace.touched is None else left & workspace.touched
    for project in sorted(left | rendered.files.keys()):
        where = f"{disk.OVERLAYS}/{project}"
        present, found = workspace.ground.present(project)
        if project not in rendered.files and any(data.startswith(ELSEWHERE) for data in present.values()):
            continue
        desired = rendered.files.get(project, {})
        plan = ownership.plan(desired, present, only, force=force, where=where)
        if environment is not None and any(path.startswith(f"{environment}/") for path in (*desired, *present)):
            base = ownership.plan(desired, present, {BASE}, force=force, where=where)
            found += [
                problem._replace(help=f"render all of {project}: its base changes too")
                for problem in ownership.stale(base, where)
            ]
        works[project] = Work(plan, present, found)
    return works
