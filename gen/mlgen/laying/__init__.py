"""A project's objects and the components of its environment -> the finished ones, and what Kustomize begins with."""

from mlgen import kustomize
from mlgen.components import Components
from mlgen.kustomize import Laid
from mlgen.laying.applied import applied, named, settled
from mlgen.manifest import Manifest
from mlgen.meeting import Place
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site


def over(bare: list[Manifest], site: Site, components: Components, problems: list[Problem]) -> list[Manifest]:
    """The finished objects; ``bare`` ones where a component does not fit. Adds to ``problems``."""
    try:
        return settled(applied(bare, named(site.offer, components)), site)
    except MlgenError as error:
        problems += error.problems
        return bare


def beneath(base: list[Manifest], place: Place, components: Components, problems: list[Problem]) -> Laid | None:
    """What Kustomize comes to the patches of an overlay with: it lays components over base's objects first.

    None where one does not fit those. Adds to ``problems``.
    """
    here, bare = named(place.environment, components), place.bare or []
    try:
        return Laid(tuple(one.path for one in here), bare, applied(kustomize.gathered(base, bare), here))
    except MlgenError as error:
        problems += error.problems
        return None
