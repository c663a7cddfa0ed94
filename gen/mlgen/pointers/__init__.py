"""A project's finished objects in an environment -> the objects that point a delivery engine at them, a module each."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from mlgen.manifest import Manifest, finish
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pointers import argocd, flux
from mlgen.pointers.aim import Aim
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site
from mlgen.trace import said


class Engine(Protocol):
    """A module that speaks to one engine. ``TITLE`` is its name as people write it."""

    TITLE: str

    def marked(self, manifests: Sequence[Manifest], engine: Node) -> Iterator[Manifest]:
        """``manifests`` with the annotations by which the engine orders them; ``engine`` is who asks for that."""

    def objects(self, aim: Aim) -> Iterator[Object]:
        """What points the engine at a project."""


ENGINES: dict[str, Engine] = {
    "argocd": argocd,
    "flux": flux,
}


def marked(manifests: Sequence[Manifest], offer: Node) -> list[Manifest]:
    """``manifests`` as the environment's engine wants them; as they are where it has none."""
    engine = offer.find("gitops", "engine")
    return list(manifests) if engine is None else list(ENGINES[said(engine)].marked(manifests, engine))


def at_overlay(site: Site, manifests: Sequence[Manifest]) -> tuple[list[Manifest], tuple[Problem, ...]]:
    """What points at the project's overlay, and what keeps it from being made."""
    around = f"overlays/{site.name}"
    try:
        return objects(site, manifests, f"{around}/{said(site.offer['name'])}", around), ()
    except MlgenError as error:
        return [], error.problems


def objects(site: Site, manifests: Sequence[Manifest], folder: str, around: str) -> list[Manifest]:
    """What points the environment's engine at ``folder``; nothing where it has none, or where there is nothing.

    Raises MlgenError for a template of the environment that cannot be filled.
    """
    gitops = site.offer.get("gitops")
    if gitops is None or not manifests:
        return []
    aim = Aim(site, gitops, manifests, folder, around)
    return [finish(draft) for draft in ENGINES[said(gitops["engine"])].objects(aim)]


def cluster(offer: Node) -> str:
    """Where the environment's objects go, in words; one that does not say so has a cluster of its own."""
    return f"the cluster `{said(offer.get('cluster') or _elsewhere(offer) or offer['name'])}`"


def home(offer: Node) -> str:
    """Where the environment's engine has its objects, in words: two of one name there would be one."""
    return f"the cluster where {argocd.TITLE} runs" if _elsewhere(offer) else cluster(offer)


def _elsewhere(offer: Node) -> Node | None:
    """The cluster that is not the engine's own."""
    destination = offer.find("gitops", "destination")
    return destination if destination is not None and said(destination) not in argocd.LOCAL else None
