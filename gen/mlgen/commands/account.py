"""What a rendering changed -> a line a project and one for each new run, or the same for a program."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlgen import lock
from mlgen.commands import counted
from mlgen.engine import Rendered
from mlgen.logs import follow
from mlgen.manifest import Ref
from mlgen.ownership import Plan, located
from mlgen.problem import Problem

SIGNS = {"added": "+", "restored": "+", "changed": "~", "removed": "-"}


class Work(NamedTuple):
    """What is to be done for one project: the plan, what lies there, and what else is wrong there."""

    plan: Plan
    present: Mapping[str, bytes]
    problems: list[Problem]


def lines(rendered: Rendered, works: Mapping[str, Work]) -> Iterator[str]:
    """For a person: `churn  dev +3 ~1  prod ~1`, and where the logs of what starts are."""
    width = max(map(len, works), default=0)
    for project, work in works.items():
        yield f"{project:<{width}}  {_by_folder(work.plan)}"
        for environment, run in _new_runs(rendered, project, work):
            yield f"{'':<{width}}  {environment} starts {run.kind}/{run.name}: {follow(run)}"
    written = sum(len(work.plan.write) for work in works.values())
    removed = sum(len(work.plan.delete) for work in works.values())
    if written:
        yield f"{counted(written, 'file')} written{f', {removed} removed' if removed else ''}"
    elif removed:
        yield f"{counted(removed, 'file')} removed"
    elif works:
        yield "Nothing to do."
    else:
        yield "There are no projects yet: `mlgen new NAME` makes one."


def entries(rendered: Rendered, works: Mapping[str, Work], folder: str) -> dict[str, Any]:
    """For a program: every file that changed, and every run that is new."""
    changes = [
        {"file": located(f"{folder}/{project}", change.path), "what": change.what}
        for project, work in works.items()
        for change in work.plan.changes
    ]
    runs = [
        {"project": project, "environment": environment, **run._asdict(), "logs": follow(run)}
        for project, work in works.items()
        for environment, run in _new_runs(rendered, project, work)
    ]
    return {"changes": changes, "runs": runs}


def _by_folder(plan: Plan) -> str:
    """`dev +3 ~1  prod ~1`: files added, changed and removed."""
    folders: dict[str, Counter[str]] = {}
    for change in plan.changes:
        folders.setdefault(change.path.split("/")[0], Counter())[SIGNS[change.what]] += 1
    parts = [
        " ".join([folder, *(f"{sign}{signs[sign]}" for sign in "+~-" if signs[sign])])
        for folder, signs in folders.items()
    ]
    return "  ".join(parts) or "unchanged"


def _new_runs(rendered: Rendered, project: str, work: Work) -> Iterator[tuple[str, Ref]]:
    """The runs of environments that are written, if they were not there before."""
    for environment, runs in rendered.runs.get(project, {}).items():
        path = f"{environment}/{lock.NAME}"
        old = lock.parse(work.present[path].decode(errors="replace")) if path in work.present else None
        known = () if old is None else old.runs
        if path in work.plan.write:
            yield from ((environment, run) for run in runs if f"{run.kind}/{run.name}" not in known)
