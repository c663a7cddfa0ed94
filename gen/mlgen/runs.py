"""The spec of something that runs to its end -> its object, named by its content (law 5)."""

from collections.abc import Callable, Mapping

from mlgen import hatch
from mlgen.around.queue import queued
from mlgen.node import Node
from mlgen.objects import Object, content_hash, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made

VARIABLE = "MLGEN_RUN"
ON_REQUEST = "request"

Spec = Callable[[Mapping[str, Draft]], Mapping[str, Draft]]


def run(
    workload: Workload,
    api_version: str,
    kind: str,
    spec: Spec,
    *,
    notes: Mapping[str, Draft] | None = None,
    ties: Mapping[str, Draft] | None = None,
    queue: bool = True,
) -> Object:
    """An object that exists once for each content: its name ends in a hash of its finished spec, patches included.

    ``spec`` drafts the spec, given the environment variables that only a run has: its own name, which is not part of
    the hash. The text of a request is: another text runs the same spec again. It has no time to live: what git owns
    and what removes itself would be made again, and run again. Whether it is kept is decided in ``protection``.
    ``notes`` are its annotations and ``ties`` further labels, by which it is placed; they are no part of it either.
    ``queue`` tells whether the object itself may wait in the environment's queue.
    """
    request = requested(workload)
    about = (request,) if request is not None else ()
    labels = {**workload_labels(workload), **(queued(workload) if queue else {}), **(ties or {})}

    def bare(name: Made, variables: Mapping[str, Draft]) -> dict[str, Draft]:
        return {
            "apiVersion": api_version,
            "kind": kind,
            "metadata": metadata(workload.site, name, labels, annotations=notes or None),
            "spec": spec(variables),
        }

    def body(draft: Mapping[str, Draft]) -> Mapping[str, Draft]:
        return hatch.patched(workload, draft, workload.object_name)

    name = named(workload, content_hash(body(bare(named(workload), {}))["spec"], *about), sources=about)
    draft = bare(name, {VARIABLE: name})
    return Object(body(draft), (workload.key,), shared=False, run=True, bare=draft)


def requested(workload: Workload) -> Node | None:
    """What releases.yaml says why this run should run here, or None if nobody asked."""
    release = workload.site.release
    return release.find("runs", workload.name) if release is not None else None


def waits(workload: Workload) -> bool:
    """Whether it runs on request only, and nobody asked."""
    when = workload.spec.get("run")
    return when is not None and when.value == ON_REQUEST and requested(workload) is None
