"""Two pieces of data are mounted at one place."""

from collections.abc import Iterator

from mlgen.checks.unknown_data import named
from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
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
    """Compares the paths of all that one container mounts, a notebook's home included."""
    taken: dict[str, Node] = {}
    home = workload.spec.find("home", "path")
    if home is not None:
        taken[said(home)] = home
    for used in {said(name): name for name in named(workload.spec) if said(name) in workload.data}.values():
        own = workload.data[said(used)].get("path")
        path = said(own) if own is not None else f"/data/{said(used)}"
        for other, place in taken.items():
            if path == other or f"{path}/".startswith(f"{other}/") or f"{other}/".startswith(f"{path}/"):
                message = f"`{said(used)}` is mounted at {path}, and something else at {other}"
                where = own if own is not None else used
                yield Problem(
                    RULE.id,
                    where.span,
                    message,
                    "give one of them another `path`",
                    related=((place.span, "the other one"),),
                )
        taken[path] = own if own is not None else used
