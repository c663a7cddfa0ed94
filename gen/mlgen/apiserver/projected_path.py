"""Two sources of a projected volume write one file."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="projected-path",
    title="Two sources of a projected volume write one file",
    why="The API server refuses the pod: one of the two would hide the other.",
    bad="sources:\n- secret: {name: a, items: [{key: x, path: token}]}\n- serviceAccountToken: {path: token}",
    good="sources:\n- secret: {name: a, items: [{key: x, path: key}]}\n- serviceAccountToken: {path: token}",
    source="kubernetes/pkg/apis/core/validation: validateProjectionSources",
)


def check(pod: Pod) -> Iterator[Fault]:
    """The paths of each projected volume."""
    for where, volume in maps_at(pod.spec, "volumes"):
        if "projected" in volume:
            taken: set[str] = set()
            for path, name in _files(volume):
                if name in taken:
                    message = f"another source of this volume writes {code(name)}"
                    yield Fault((*pod.path, *where, *path), RULE.id, message, "choose another path")
                taken.add(name)


def _files(volume: Body) -> Iterator[tuple[Path, str]]:
    for where, source in maps_at(volume, "projected", "sources"):
        for sort, projection in source.items():
            places = [(*where, sort)] + [(*where, sort, *item) for item, _ in maps_at(projection, "items")]
            for place in places:
                if name := text_at(volume, *place, "path"):
                    yield (*place, "path"), name
