"""A changed releases.yaml -> what that does, said, and all of it written at once: the file, then the overlays."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mlgen import disk, engine
from mlgen.changes.between import between
from mlgen.changes.text import text
from mlgen.commands import FINE, PROBLEMS, UsageError, console
from mlgen.commands.ground import WorkTree
from mlgen.commands.render import planned
from mlgen.commands.workspace import Workspace, find_root
from mlgen.disk import exchange
from mlgen.node import Node
from mlgen.platform import BASE, Platform, load
from mlgen.problem import MlgenError, Problem, errors, in_order
from mlgen.suggest import did_you_mean


class Desk(NamedTuple):
    """A project on whose releases a command works."""

    root: Path
    project: str
    files: dict[str, bytes]
    platform: Platform

    @property
    def file(self) -> str:
        """Where its releases are."""
        return f"projects/{self.project}/releases.yaml"

    @property
    def releases(self) -> Node | None:
        """What they say, None if there is none yet."""
        return self.platform.releases.get(self.project)

    def offer(self, environment: str) -> Node:
        """The document of ``environment``, in which the project runs. Raises UsageError for any other."""
        listed = self.platform.projects[self.project]["environments"].entries
        if environment not in listed:
            raise UsageError(f"`{self.project}` does not run in `{environment}`", did_you_mean(environment, listed))
        if environment not in self.platform.environments or environment == BASE:
            raise UsageError(f"there is no environment `{environment}`")
        return self.platform.environments[environment]

    def refuse(self, problems: Sequence[Problem]) -> int:
        """Print why this may not be released, and that nothing came of it; the exit code."""
        console.show(problems, self.platform.sources, "text", sys.stderr)
        console.say("Nothing was written.")
        return PROBLEMS


def desk(root: Path | None, project: str) -> Desk:
    """Read the platform and ``project``. Raises UsageError where there is none, MlgenError where it cannot be read."""
    top = find_root(root)
    for sentence in exchange.recover(top):
        console.say(sentence)
    files, wrong = disk.read_inputs(top)
    names = {file.split("/")[1] for file in files if file.startswith("projects/")}
    if project not in names:
        raise UsageError(f"there is no project `{project}`", did_you_mean(project, sorted(names)))
    mine = {
        file: data for file, data in files.items() if not file.startswith("projects/") or file.split("/")[1] == project
    }
    platform = load(mine, tuple(problem for problem in wrong if problem.span.file in mine))
    if found := errors(platform.problems):
        raise MlgenError(*found)
    return Desk(top, project, mine, platform)


def release(one: Desk, new: str, *, dry_run: bool) -> int:
    """Write ``new`` as the project's releases and render it, or only say what that would do."""
    files = {**one.files, one.file: new.encode()}
    after = load(files)
    rendered = engine.render(after, [one.project])
    found = between(one.platform, after, [one.project])
    workspace = Workspace(one.root, after, [one.project], whole=False, ground=WorkTree(one.root))
    plans = planned(workspace, rendered, None, force=False) if not errors(rendered.problems) else {}
    problems = [
        *rendered.problems,
        *(problem for work in plans.values() for problem in (*work.problems, *work.plan.problems)),
    ]
    if problems:
        workspace.show(in_order(problems), "text", sys.stderr)
    if errors(problems):
        console.say("Nothing was written.")
        return PROBLEMS
    console.product(text(found.differences, color=console.colourful(sys.stdout)))
    if not dry_run:
        changed = {one.file: exchange.File(one.files.get(one.file), new)}
        same = one.files.get(one.file) == new.encode()
        exchange.write(one.root, {name: work.plan for name, work in plans.items()}, first={} if same else changed)
    idle = "" if found.differences else "; nothing that is rendered changes"
    console.say(f"{'Would write' if dry_run else 'Wrote'} {one.file}{idle}")
    return FINE
