"""The project's own namespace, with the Pod Security level that the environment asks for."""

from collections.abc import Iterator

from mlgen.objects import MANAGED_BY, Object
from mlgen.site import Site
from mlgen.trace import Draft

# Deleting a namespace deletes every claim in it: Argo CD asks first, Flux never does it by itself.
ASK_FIRST: dict[str, Draft] = {
    "argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}


def objects(site: Site) -> Iterator[Object]:
    """Nothing where somebody else owns the namespace."""
    if not site.owned:
        return
    level = site.offer["podSecurity"]
    labels: dict[str, Draft] = {
        "app.kubernetes.io/name": site.project["name"],
        "app.kubernetes.io/managed-by": MANAGED_BY,
        "mlgen.dev/owner": site.project["owner"],
        "mlgen.dev/project": site.project["name"],
        **{f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")},
    }
    metadata: Draft = {"name": site.namespace, "labels": labels, "annotations": ASK_FIRST}
    body: dict[str, Draft] = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    yield Object(body, (site.project["name"],), shared=False)
