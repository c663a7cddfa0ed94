"""A revision, and what is rendered now -> what of the step between them no cluster takes as it is meant."""

from collections.abc import Iterator

from mlgen import engine
from mlgen.changes.compare import compare
from mlgen.changes.refused import problems
from mlgen.changes.touched import differing, touched
from mlgen.commands.revision import files, of_projects
from mlgen.commands.workspace import Workspace
from mlgen.engine import Rendered
from mlgen.platform import load
from mlgen.problem import Problem
from mlgen.repo import Repository
from mlgen.trace import said


def refused_since(workspace: Workspace, revision: str, rendered: Rendered) -> Iterator[Problem]:
    """Fields that cannot change and runs that are not what they were, since HEAD and ``revision`` parted.

    In the projects meant that are written otherwise. What could not be built then is nothing that could be refused now.
    """
    repository = Repository.around(workspace.root)
    if repository is None:  # who asked for the projects has said so
        return
    now, _ = workspace.ground.inputs()
    base = files(repository, repository.fork(repository.commit(revision)), now)
    meant = sorted({*workspace.projects} & touched(differing(base, now), workspace.projects))
    before = load(of_projects(base, meant))
    for name in meant:
        if name in before.projects:
            old = {said(place.environment["name"]): place.manifests for place in engine.places(before, name)}
            new = rendered.objects.get(name, {})
            yield from problems({where: compare(old[where], new[where]) for where in old if where in new})
