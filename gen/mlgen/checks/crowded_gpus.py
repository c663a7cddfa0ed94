"""All that runs in an environment at once asks for more GPUs than there are, though each part of it fits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen.footprint import footprint, place
from mlgen.gathered import Gathered
from mlgen.gpu_classes import classes, gpus
from mlgen.manifest import Manifest
from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="crowded-gpus",
    title="All that runs at once asks for more GPUs than the environment has",
    why="Whoever starts last waits until others have ended; a server that waits for a training to end answers nobody.",
    bad="workers: 12            # and another project's server has up to 6 pods; the environment has 16",
    good="workers: 8",
)
FEW = 4
# What stays; all else runs to its end, and whoever wrote a project knows which of its runs go together.
STANDING = frozenset(
    "Deployment StatefulSet ReplicaSet DaemonSet Notebook InferenceService RayService RayCluster "
    "LeaderWorkerSet".split()
)


class Asked(NamedTuple):
    """GPUs of one class that an object asks for at a time, rollouts included, and where most of them are said."""

    gpus: int
    project: str
    manifest: Manifest
    path: Path


def check(offer: Node, built: Mapping[str, Sequence[Manifest]]) -> Iterator[Problem]:
    """A warning for each class: what all projects ask for, by name in ``built``, against its total.

    Of each project all that stays counts, and the greatest of its runs. Where one object alone asks for more, that is
    the error ``too-many-gpus``, and nothing more is said.
    """
    for name, one in classes(offer).items():
        total = one.get("total")
        found = [asked for project in built for asked in _at_once(name, offer, project, built[project])]
        if total is None or any(asked.gpus > int(said(total)) for asked in found):
            continue
        if sum(asked.gpus for asked in found) > int(said(total)):
            yield _problem(name, total, said(offer["name"]), found)


def concerns(offer: Node, manifests: Sequence[Manifest]) -> bool:
    """Whether ``manifests`` ask for any GPU of which there are so many."""
    counted = [name for name, one in classes(offer).items() if one.get("total") is not None]
    return any(asked.gpus for name in counted for asked in _asked(name, offer, "", manifests))


def _at_once(name: str, offer: Node, project: str, manifests: Sequence[Manifest]) -> list[Asked]:
    every = _asked(name, offer, project, manifests)
    runs = [asked for asked in every if asked.manifest.ref.kind not in STANDING]
    stays = [asked for asked in every if asked.manifest.ref.kind in STANDING]
    return [*stays, *([max(runs, key=lambda asked: asked.gpus)] if runs else [])]


def _asked(name: str, offer: Node, project: str, manifests: Sequence[Manifest]) -> list[Asked]:
    """Each object once, whatever sorts of pods it has."""
    found: dict[int, Asked] = {}
    for share in footprint(Gathered([manifest.body for manifest in manifests])):
        for called, resource, each in gpus(share, offer):
            if called == name:
                most, before = (share.most + share.surge) * each, found.get(share.body)
                path = place(share, f"requests.{resource}")
                asked = Asked(most, project, manifests[share.body], path)
                found[share.body] = asked if before is None else before._replace(gpus=before.gpus + most)
    return list(found.values())


def _problem(name: str, total: Node, environment: str, found: Sequence[Asked]) -> Problem:
    by_project: dict[str, int] = {}
    for asked in found:
        by_project[asked.project] = by_project.get(asked.project, 0) + asked.gpus
    ranked = sorted(by_project, key=lambda project: (-by_project[project], project))
    shown = ", ".join(f"`{project}` for {by_project[project]}" for project in ranked[:FEW])
    more = f" and {len(ranked) - FEW} more" if len(ranked) > FEW else ""
    most, *others = sorted(found, key=lambda asked: -asked.gpus)
    message = (
        f"what may run at once in `{environment}` asks for {sum(by_project.values())} GPUs of class `{name}` "
        f"({shown}{more}), and there are {said(total)}"
    )
    hint = "ask for fewer, or let a queue or a schedule keep them apart"
    related = [(total.span, "so many there are")]
    related += [(asked.manifest.cause(asked.path), f"{asked.gpus} of them") for asked in others[:FEW]]
    place = most.manifest.cause(most.path)
    return Problem(RULE.id, place, message, hint, "warning", tuple(dict.fromkeys(related)))
