"""A project resolved in one environment -> its Manifests, each once, in one order; and what could not be built."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen import around, extra, hatch, kinds, pointers, protection, runs, secrets
from mlgen.manifest import Manifest, Ref, finish
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Resolved, Workload
from mlgen.trace import span_of

# What others stand on comes first; the rest by kind and name. One sort, so that no other order can leak out.
FIRST = (
    "Namespace",
    "ServiceAccount",
    "ExternalSecret",
    "SealedSecret",
    "Secret",
    "SecretProviderClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ConfigMap",
)

NO_FILES: extra.Files = {}


class Built(NamedTuple):
    """What is applied, what that will create ``within`` the cluster, and what could not be built."""

    manifests: list[Manifest]
    within: list[Manifest]
    problems: list[Problem]


def build(resolved: Resolved, files: extra.Files = NO_FILES) -> Built:
    """Every object of the workloads and pipelines of ``resolved``, all of which passed their checks.

    ``files`` are those that the project's ``manifests`` may name.
    """
    found: dict[Ref, Manifest] = {}
    problems: list[Problem] = []
    waiting: set[Ref] = set()
    within: list[Manifest] = []
    for draft, waits in _drafts(resolved, files, problems):
        manifest = finish(draft)
        if manifest.within:  # of one workload in two pipelines there are two of one name, and neither exists yet
            within.append(manifest)
            continue
        other = found.setdefault(manifest.ref, manifest)
        if other.body != manifest.body:
            problems.append(_collision(manifest, other))
        if waits:
            waiting.add(manifest.ref)
    # What a run that waits refers to is protected too: an earlier one may stand on it.
    kept, unkept = protection.protected(found.values(), resolved.site.offer["history"])
    here = pointers.marked([manifest for manifest in kept if manifest.ref not in waiting], resolved.site.offer)
    return Built(sorted(here, key=_order), sorted(within, key=_order), [*problems, *unkept])


def _drafts(resolved: Resolved, files: extra.Files, problems: list[Problem]) -> Iterator[tuple[Object, bool]]:
    """Every object, and whether it is a run that waits until it is asked for."""
    for draft in around.objects(resolved.site):
        yield draft, False
    for workload in resolved.workloads:
        # All of a workload's objects or none: half a workload would only fail later. Its secrets by themselves: none
        # is sealed for base, and its other objects stand there all the same.
        for part in (secrets.objects, _own):
            try:
                for draft in list(part(workload)):
                    yield draft, draft.run and runs.waits(workload)
            except MlgenError as error:
                problems.extend(error.problems)
    for drafts in (*_chained(resolved), extra.objects(resolved.site, files)):
        try:
            for draft in list(drafts):
                yield draft, False
        except MlgenError as error:
            problems.extend(error.problems)


def _chained(resolved: Resolved) -> list[Iterator[Object]]:
    """The objects of each pipeline."""
    if not resolved.pipelines:
        return []
    from mlgen import pipelines  # what many platforms do without

    workloads = {workload.name: workload for workload in resolved.workloads}
    return [pipelines.build(pipeline, workloads) for pipeline in resolved.pipelines]


def _own(workload: Workload) -> list[Object]:
    """All but the run of what a pipeline starts."""
    return [draft for draft in hatch.whole(workload, kinds.build(workload)) if not (draft.run and workload.stepped)]


def _order(manifest: Manifest) -> tuple[int, Ref]:
    kind = manifest.ref.kind
    return (FIRST.index(kind) if kind in FIRST else len(FIRST)), manifest.ref


def _collision(one: Manifest, other: Manifest) -> Problem:
    name = f"{one.ref.kind}/{one.ref.name}"
    here, there = (span_of(manifest.origins, ("metadata", "name")) for manifest in (one, other))
    message = f"two parts of this project make the same object, {name}"
    return Problem("name-collision", here, message, "rename one of them", related=((there, "the other one"),))
