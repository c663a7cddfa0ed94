"""A project resolved in one environment -> its Manifests, each once, in one order; and what could not be built."""

from collections.abc import Iterable, Iterator

from mlgen import around, extra, hatch, kinds, pointers, protection, runs, secrets
from mlgen.manifest import Manifest, Ref, finish
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Resolved, Site, Workload
from mlgen.trace import span_of

# What others stand on comes first; the rest by kind and name. One sort, so that no other order can leak out.
FIRST = (
    "Namespace",
    "ServiceAccount",
    "ExternalSecret",
    "SealedSecret",
    "SecretProviderClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ConfigMap",
)

NO_FILES: extra.Files = {}


def build(
    resolved: Resolved, workloads: Iterable[Workload], files: extra.Files = NO_FILES
) -> tuple[list[Manifest], list[Problem]]:
    """Every object of ``workloads``, which are those of ``resolved`` that passed their checks.

    ``files`` are those that the project's ``manifests`` may name.
    """
    found: dict[Ref, Manifest] = {}
    problems: list[Problem] = []
    waiting: set[Ref] = set()
    for draft, waits in _drafts(resolved.site, workloads, files, problems):
        manifest = finish(draft)
        other = found.setdefault(manifest.ref, manifest)
        if other.body != manifest.body:
            problems.append(_collision(manifest, other))
        if waits:
            waiting.add(manifest.ref)
    # What a run that waits refers to is protected too: an earlier one may stand on it.
    kept, unkept = protection.protected(found.values(), resolved.site.offer["history"])
    here = [manifest for manifest in kept if manifest.ref not in waiting]
    return sorted(pointers.marked(here, resolved.site.offer), key=_order), [*problems, *unkept]


def _drafts(
    site: Site, workloads: Iterable[Workload], files: extra.Files, problems: list[Problem]
) -> Iterator[tuple[Object, bool]]:
    """Every object, and whether it is a run that waits until it is asked for."""
    for draft in around.objects(site):
        yield draft, False
    for workload in workloads:
        # All of a workload's objects or none: half a workload would only fail later. Its secrets by themselves: none
        # is sealed for base, and its other objects stand there all the same.
        for part in (secrets.objects, _own):
            try:
                for draft in list(part(workload)):
                    yield draft, draft.run and runs.waits(workload)
            except MlgenError as error:
                problems.extend(error.problems)
    try:
        for draft in extra.objects(site, files):
            yield draft, False
    except MlgenError as error:
        problems.extend(error.problems)


def _own(workload: Workload) -> list[Object]:
    return hatch.whole(workload, kinds.build(workload))


def _order(manifest: Manifest) -> tuple[int, Ref]:
    kind = manifest.ref.kind
    return (FIRST.index(kind) if kind in FIRST else len(FIRST)), manifest.ref


def _collision(one: Manifest, other: Manifest) -> Problem:
    name = f"{one.ref.kind}/{one.ref.name}"
    here, there = (span_of(manifest.origins, ("metadata", "name")) for manifest in (one, other))
    message = f"two parts of this project make the same object, {name}"
    return Problem("name-collision", here, message, "rename one of them", related=((there, "the other one"),))
