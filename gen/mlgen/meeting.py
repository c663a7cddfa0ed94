"""Projects in their environments -> what is wrong between them, and which of the others that could concern.

Whoever asks about a few projects need not judge all the others: those are built where they could meet the few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import checks, ignored, pointers
from mlgen.manifest import Manifest, Ref
from mlgen.node import Node
from mlgen.platform import BASE, Platform
from mlgen.problem import Problem, Span, errors
from mlgen.site import Resolved, Site
from mlgen.trace import said, span_of

# Words of a spec whose objects may be called anything, and lie anywhere.
FREE = ("manifests", "patches")


class Place(NamedTuple):
    """A project as it stands in one environment, with all that is wrong there, and which rules it ignores of use.

    ``pointers`` are what points a delivery engine at it, ``within`` what ``manifests`` will create in the cluster,
    ``bare`` what the environment's components change into ``manifests``, where it has any.
    """

    project: str
    environment: Node
    resolved: Resolved
    manifests: list[Manifest]
    problems: list[Problem]
    ignores: Mapping[ignored.Said, bool]
    pointers: list[Manifest]
    within: list[Manifest]
    bare: list[Manifest] | None = None


class Meeting:
    """Where ``few`` places could meet others."""

    def __init__(self, platform: Platform, few: Sequence[Place]) -> None:
        self.platform = platform
        self.names: set[tuple[str, ...]] = set()
        self.clusters: set[str] = set()
        for one in few:
            self.names |= _names(one.resolved.site)
            if self._free(one.project):
                self.clusters.add(pointers.cluster(one.environment))
        # Sums are right only where every project is in them.
        built = [(one.environment, [*one.manifests, *one.within]) for one in few]
        self.whole = {said(offer["name"]) for offer, manifests in built if checks.concern_others(offer, manifests)}
        self.touched = {pointers.cluster(one.environment) for one in few}

    def has(self, site: Site) -> bool:
        """Whether what stands at ``site`` may matter to what is wrong with the few."""
        cluster = pointers.cluster(site.offer)
        return (
            said(site.offer["name"]) in self.whole
            or cluster in self.clusters
            or (cluster in self.touched and self._free(site.name))
            or not self.names.isdisjoint(_names(site))
        )

    def _free(self, project: str) -> bool:
        text = self.platform.sources.get(self.platform.projects[project].span.file, "")
        return any(word in text for word in FREE)


def _names(site: Site) -> set[tuple[str, ...]]:
    """What objects of a place are called by: their namespace in the cluster, and what points at them."""
    name = f"{site.name}-{said(site.offer['name'])}"
    return {("namespace", pointers.cluster(site.offer), said(site.namespace)), ("pointers", name)}


def between(everywhere: Sequence[Place], whole: Iterable[str] | None = None) -> Iterator[Problem]:
    """What is wrong between projects, or between environments.

    ``whole``: the environments of which every project is there that runs in them; by default all.
    """
    yield from _collisions(everywhere)
    environments: dict[str, list[Place]] = {}
    for one in everywhere:
        environments.setdefault(said(one.environment["name"]), []).append(one)
    for name in environments if whole is None else sorted({*whole} & environments.keys()):
        found = environments[name]
        built = {one.project: [*one.manifests, *one.within] for one in found}
        yield from checks.of_projects(found[0].environment, built)


def idle(platform: Platform, everywhere: Sequence[Place], others: Iterable[Place] = ()) -> Iterator[Problem]:
    """Ignores that were of no use anywhere; of the environments only where every project was looked at.

    ``others`` are judged one after the other, until each ignore of an environment is of use in one of them.
    """
    if any(errors(one.problems) for one in everywhere):
        return
    uses = [one.ignores for one in everywhere]
    waiting = {ignore for name, offer in platform.environments.items() if name != BASE for ignore in ignored.of(offer)}
    looked = {one.project for one in everywhere}
    rest = iter(others)
    while waiting := {ignore for ignore in waiting if not any(one.get(ignore) for one in uses)}:
        one = next(rest, None)
        if one is None:
            break
        uses.append({ignore: used for ignore, used in one.ignores.items() if ignore in waiting})
        looked.add(one.project)
    for problem in ignored.unused(uses):
        if looked == {*platform.projects} or not problem.span.file.startswith("environments/"):
            yield problem


def _collisions(everywhere: Iterable[Place]) -> Iterator[Problem]:
    """Objects that two projects or environments would both write into one cluster: of two places, the first such."""
    taken: dict[tuple[str, Ref], tuple[Place, Span]] = {}
    told: set[tuple[int, int]] = set()
    for one in everywhere:
        written = [(pointers.cluster(one.environment), manifest) for manifest in one.manifests]
        written += [(pointers.home(one.environment), manifest) for manifest in one.pointers]
        for where, manifest in written:
            span = span_of(manifest.origins, ("metadata", "name"))
            other, there = taken.setdefault((where, manifest.ref), (one, span))
            if other is not one and (id(other), id(one)) not in told:
                told.add((id(other), id(one)))
                thing = f"{manifest.ref.kind}/{manifest.ref.name} in {where}"
                sides = [f"`{side.project}` in `{said(side.environment['name'])}`" for side in (other, one)]
                message = f"{thing} would be written by both {sides[0]} and {sides[1]}"
                hint = "give the environments different namespaces or clusters, or rename one of the two"
                related = ((there, "the other one"),) if there != span else ()
                yield Problem("cluster-collision", span, message, hint, related=related)
