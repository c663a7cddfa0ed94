"""`mlgen render` and `mlgen check`: write overlays/ and say what changed, or only say what would."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from sys import stderr

from mlgen import disk, engine, exchange, lock, ownership
from mlgen.commands import FINE, PROBLEMS, console
from mlgen.commands.workspace import UsageError, Workspace, open_workspace
from mlgen.engine import Rendered
from mlgen.ownership import Plan
from mlgen.platform import BASE
from mlgen.problem import Problem, errors
from mlgen.suggest import did_you_mean

Present = Mapping[str, bytes]


def check(root: Path | None, targets: Sequence[str], *, environment: str | None, form: str, strict: bool) -> int:
    """Compare what is rendered with what should be, byte for byte; write nothing."""
    workspace = open_workspace(root, targets)
    rendered = _rendered(workspace, environment)
    problems = list(rendered.problems)
    if not errors(problems):
        for project, (plan, _, found) in _plans(workspace, rendered, environment, force=False).items():
            problems += [*found, *plan.problems, *ownership.stale(plan, f"{disk.OVERLAYS}/{project}")]
    console.show(problems, workspace.platform.sources, form)
    if not problems and form == "text":
        console.say(f"{_count(len(workspace.projects), 'project')} up to date")
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
) -> int:
    """Write the overlays of the projects meant; nothing at all where anything is wrong."""
    workspace = open_workspace(root, targets)
    for sentence in exchange.recover(workspace.root):
        console.say(sentence)
    rendered = _rendered(workspace, environment)
    problems, plans = list(rendered.problems), {}
    if not errors(problems):
        plans = _plans(workspace, rendered, environment, force=force)
        problems += [problem for plan, _, found in plans.values() for problem in (*found, *plan.problems)]
    console.show(problems, workspace.platform.sources, form, stderr)
    code = console.verdict(problems, strict=strict)
    if code != FINE:
        console.say("Nothing was written.")
        return code
    exchange.write(workspace.root, {project: plan for project, (plan, _, _) in plans.items()})
    for line in _account(rendered, plans):
        console.product(f"{line}\n")
    changed = any(plan.changes for plan, _, _ in plans.values())
    return PROBLEMS if changed and fail_on_change else FINE


def _rendered(workspace: Workspace, environment: str | None) -> Rendered:
    known = [name for name in workspace.platform.environments if name != BASE]
    if environment is not None and environment not in known:
        raise UsageError(f"there is no environment `{environment}`: {did_you_mean(environment, known)}")
    return engine.render(workspace.platform, workspace.projects)


def _plans(
    workspace: Workspace, rendered: Rendered, environment: str | None, *, force: bool
) -> dict[str, tuple[Plan, Present, list[Problem]]]:
    """What to do for each project meant; and, where all are meant, for those that are gone."""
    gone = set(disk.projects_present(workspace.root)) - set(rendered.files) if workspace.whole else set()
    plans: dict[str, tuple[Plan, Present, list[Problem]]] = {}
    for project in sorted({*rendered.files, *gone}):
        where = f"{disk.OVERLAYS}/{project}"
        present, found = disk.read_present(workspace.root, project)
        desired = rendered.files.get(project, {})
        only = None if environment is None else {environment}
        plan = ownership.plan(desired, present, only, force=force, where=where)
        if environment is not None and plan.changes:
            base = ownership.plan(desired, present, {BASE}, force=force, where=where)
            found += [
                problem._replace(help=f"render all of {project}: its base changes too")
                for problem in ownership.stale(base, where)
            ]
        plans[project] = (plan, present, found)
    return plans


def _account(rendered: Rendered, plans: Mapping[str, tuple[Plan, Present, list[Problem]]]) -> Iterator[str]:
    """What changed: a line a project, and one for each new run with the command that follows it."""
    width = max((len(project) for project in plans), default=0)
    written = removed = 0
    for project, (plan, present, _) in plans.items():
        written += len(plan.write)
        removed += len(plan.delete)
        yield f"{project:<{width}}  {_by_folder(plan)}"
        yield from (f"{'':<{width}}  {line}" for line in _new_runs(rendered, project, plan, present))
    if written or removed:
        yield f"{_count(written, 'file')} written" + (f", {removed} removed" if removed else "")
    elif plans:
        yield "Nothing to do."
    else:
        yield "There are no projects yet: `mlgen new NAME` makes one."


def _by_folder(plan: Plan) -> str:
    """`dev +3 ~1  prod ~1`: files added, changed and removed."""
    signs = {"added": "+", "restored": "+", "changed": "~", "removed": "-"}
    counts: dict[str, dict[str, int]] = {}
    for change in plan.changes:
        folder = change.path.split("/")[0]
        sign = counts.setdefault(folder, {})
        sign[signs[change.what]] = sign.get(signs[change.what], 0) + 1
    parts = [
        f"{folder} " + " ".join(f"{sign}{signs_of[sign]}" for sign in "+~-" if sign in signs_of)
        for folder, signs_of in counts.items()
    ]
    return "  ".join(parts) or "unchanged"


def _new_runs(rendered: Rendered, project: str, plan: Plan, present: Present) -> Iterator[str]:
    for environment, runs in rendered.runs.get(project, {}).items():
        path = f"{environment}/{lock.NAME}"
        if path not in plan.write:
            continue
        old = lock.parse(present[path].decode(errors="replace")) if path in present else None
        for run in runs:
            if old is None or f"{run.kind}/{run.name}" not in old.runs:
                logs = f"kubectl logs -n {run.namespace} --follow {run.kind.lower()}/{run.name}"
                yield f"{environment} starts {run.kind}/{run.name}: {logs}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
