"""The project's own namespace, with the Pod Security level that the environment asks for."""

from collections.abc import Iterator

from mlgen.objects import ASK_FIRST, Object, labels
from mlgen.site import Site
from mlgen.trace import Draft, made, said

# By a kind of workload and what runs it: the label without which an operator does not look at the pods of a namespace.
WATCHED = {("sweep", "katib-0.19"): "katib.kubeflow.org/metrics-collector-injection"}


def objects(site: Site) -> Iterator[Object]:
    """Nothing where somebody else owns the namespace."""
    if not site.owned:
        return
    level = site.offer["podSecurity"]
    security = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}
    metadata: Draft = {
        "name": site.namespace,
        "labels": {**labels(site, None), **security, **watched(site)},
        "annotations": ASK_FIRST,
    }
    body: dict[str, Draft] = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    yield Object(body, (site.project["name"],), shared=False)


def watched(site: Site) -> dict[str, Draft]:
    """The labels for the operators that the project's workloads need."""
    found: dict[str, Draft] = {}
    for workload in site.project["workloads"].entries.values():
        kind = workload.get("kind")
        backend = None if kind is None else site.offer.find("platform", said(kind))
        if kind is not None and backend is not None and (said(kind), said(backend)) in WATCHED:
            found[WATCHED[said(kind), said(backend)]] = made("enabled", kind, backend)
    return found
