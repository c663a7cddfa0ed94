"""The spec of something that runs to its end -> its object, named by its content (law 5)."""

from collections.abc import Callable, Mapping

from mlgen.objects import Object, content_hash, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made

# Pruning a run's object kills the run and loses its record (facts of both engines: Argo CD's sync options,
# kustomize-controller's prune annotation).
KEPT: dict[str, Draft] = {
    "argocd.argoproj.io/sync-options": "Prune=false",
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}
VARIABLE = "MLGEN_RUN"

Spec = Callable[[Mapping[str, Draft]], Mapping[str, Draft]]


def run(workload: Workload, api_version: str, kind: str, spec: Spec) -> Object:
    """An object that exists once for each content: its name ends in a hash of its finished spec.

    ``spec`` drafts the spec, given the environment variables that only a run has: its own name, which is not part of
    the hash. It has no time to live: what git owns and what removes itself would be made again, and run again.
    """
    name: Made = named(workload, content_hash(spec({})))
    body: dict[str, Draft] = {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": metadata(workload.site, name, workload_labels(workload), annotations=KEPT),
        "spec": spec({VARIABLE: name}),
    }
    return Object(body, (workload.key,), shared=False, run=True)
