"""An object of a project in the namespace of the delivery engine."""

from collections.abc import Iterator, Sequence

from mlgen.manifest import SCHEMAS, Manifest
from mlgen.node import Path
from mlgen.pointers import ENGINES
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import said

RULE = Rule(
    id="engine-namespace",
    title="A project in the namespace of the delivery engine",
    why="What may write there decides what the engine applies, as whom and where: a project could give itself the "
    "whole cluster.",
    bad="namespace: {existing: argocd}\ngitops: {engine: argocd, repository: ...}",
    good="namespace: {existing: ml-shared}\ngitops: {engine: argocd, repository: ...}",
    source="argo-cd, docs/operator-manual/app-any-namespace.md; flux2, docs: multi-tenancy lockdown",
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Each place that puts something there, once; the namespace itself counts."""
    gitops = site.offer.get("gitops")
    told = set()
    for manifest in manifests if gitops is not None else ():
        path: Path = ("metadata", "name" if manifest.ref.kind == "Namespace" else "namespace")
        span = manifest.cause(path)
        if gitops is not None and said(gitops["namespace"]) in _namespace(manifest) and span not in told:
            told.add(span)
            title, where = ENGINES[said(gitops["engine"])].TITLE, gitops["namespace"]
            here = f"{manifest.title} in `{said(site.offer['name'])}`"
            message = f"{here}: it would stand in `{said(where)}`, where {title} has what it applies"
            related = () if where.span.file.startswith(SCHEMAS) else ((where.span, f"the namespace of {title}"),)
            yield Problem(RULE.id, span, message, "give it another namespace", related=related)


def _namespace(manifest: Manifest) -> tuple[str, ...]:
    return (manifest.ref.name,) if manifest.ref.kind == "Namespace" else (manifest.ref.namespace,)
