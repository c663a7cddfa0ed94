"""Finished objects of a project and its environment -> what the gate has against them, at the lines that caused it."""

from collections.abc import Iterator, Sequence

from mlgen import ignored, links
from mlgen.body import at
from mlgen.crd import imported
from mlgen.existing import named_in
from mlgen.gathered import Setting
from mlgen.manifest import Manifest
from mlgen.node import Path
from mlgen.platform import Platform
from mlgen.policy import documents
from mlgen.problem import OFFER, Problem, Span
from mlgen.site import Site
from mlgen.trace import said


def setting(platform: Platform, site: Site) -> Setting:
    """What objects of a project are judged by in its environment."""
    return Setting(
        said(site.offer["kubernetes"]),
        site.offer,
        frozenset(named_in(site.project, site.offer)),
        imported(platform.schemas),
        documents.offered(site.offer, platform.policies),
        tracked=True,
    )


def judge(
    manifests: Sequence[Manifest], site: Site, setting: Setting, *, whole: bool = True, unfilled: bool = False
) -> Iterator[tuple[Manifest, Problem]]:
    """What the gate of ``setting`` has against the objects of a project at ``site``, at the places that caused it.

    Where they are not the ``whole`` project, because some of it could not be built, nobody is told what is missing.
    If templates are ``unfilled``, what they stand in is asked nothing: that is told already.
    """
    where = f" in `{said(site.offer['name'])}`: "
    for finding in ignored.check([manifest.body for manifest in manifests], setting):
        manifest, fault = manifests[finding.subject], finding.fault
        value = at(manifest.body, *fault.path)
        if (not whole and fault.rule in links.MISSING) or (unfilled and isinstance(value, str) and "{{" in value):
            continue
        message = fault.message if finding.alone else f"{manifest.title}{where}{fault.message}"
        others = tuple((_other(manifests, site, number, path), label) for number, path, label in finding.related)
        related = (*others, *finding.beside)
        yield manifest, Problem(fault.rule, manifest.cause(fault.path), message, fault.help, fault.severity, related)


def _other(manifests: Sequence[Manifest], site: Site, number: int, path: Path) -> Span:
    return site.offer.nearest(path).span if number == OFFER else manifests[number].cause(path)
