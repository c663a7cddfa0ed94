"""Two pieces of data are mounted at one place."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen import secrets
from mlgen.checks.unknown_data import named
from mlgen.kinds import mpi, trials
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.servers import SERVERS
from mlgen.shared_memory import PATH
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="mount-collision",
    title="Two pieces of data are mounted at one place, or one inside the other",
    why="The API server refuses two mounts at one path; one inside the other hides what is below it.",
    bad="data:\n  a: {blob: one/a, path: /data/x}\n  b: {blob: one/b, path: /data/x}",
    good="data:\n  a: {blob: one/a, path: /data/a}\n  b: {blob: one/b, path: /data/b}",
    source="kubernetes/pkg/apis/core/validation/validation.go, ValidateVolumeMounts",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Compares the paths of all that one container mounts, a notebook's home and shared memory included."""
    taken: list[_Mount] = []
    if workload.kind in ("pytorch", "mpi", "ray", "sweep"):
        taken.append(_Mount("shared memory", PATH, workload.key.span, movable=False))
    if workload.kind == "mpi":
        taken += (_Mount("what starts the processes", path, workload.key.span, movable=False) for path in mpi.MOUNTS)
    if workload.kind == "sweep":
        taken.append(_Mount("the file with a trial's parameters", trials.PARAMETERS, workload.key.span, movable=False))
    server = workload.spec.get("server")
    if server is not None:
        what, places = f"what {said(server)} needs", SERVERS[said(server)].MOUNTS
        taken += (_Mount(what, path, server.span, movable=False) for path in places)
    home = workload.spec.find("home", "path")
    if home is not None:
        written = home if home.span.file == workload.key.span.file else workload.key  # a default stands nowhere
        taken.append(_Mount("the notebook's home", said(home), written.span))
    for used in {said(name): name for name in named(workload.spec) if said(name) in workload.data}.values():
        own = workload.data[said(used)].get("path")
        path = said(own) if own is not None else f"/data/{said(used)}"
        here = _Mount(f"`{said(used)}`", path, (own or used).span)
        yield from (_collision(here, other) for other in taken if here.meets(other))
        taken.append(here)
    for mount in secrets.mounts(workload):
        asked = mount.path.sources[0]
        here = _Mount(f"the secret `{said(asked)}`", said(mount.path), asked.span)
        yield from (_collision(here, other) for other in taken if here.meets(other))


class _Mount(NamedTuple):
    """What is mounted, at which path, and where that is said; and whether the spec may move it."""

    what: str
    path: str
    span: Span
    movable: bool = True

    def meets(self, other: "_Mount") -> bool:
        """Whether one of the two paths is the other, or lies in it."""
        mine, theirs = f"{self.path}/", f"{other.path}/"
        return mine.startswith(theirs) or theirs.startswith(mine)


def _collision(here: _Mount, other: _Mount) -> Problem:
    if here.path == other.path:
        message = f"{here.what} and {other.what} are both mounted at `{here.path}`"
    else:
        inner, outer = (here, other) if len(here.path) > len(other.path) else (other, here)
        message = f"{inner.what} is mounted at `{inner.path}`, inside {outer.what}, which is at `{outer.path}`"
    which = "one of them" if other.movable else "it"
    hint = f"give {which} another `path`"
    return Problem(RULE.id, here.span, message, hint, related=((other.span, other.what),))
