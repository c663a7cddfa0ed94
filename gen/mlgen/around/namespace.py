"""The project's own namespace, with the Pod Security level that the environment asks for."""

from collections.abc import Iterator

from mlgen.objects import ASK_FIRST, Object, labels
from mlgen.site import Site
from mlgen.trace import Draft


def objects(site: Site) -> Iterator[Object]:
    """Nothing where somebody else owns the namespace."""
    if not site.owned:
        return
    level = site.offer["podSecurity"]
    security = {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}
    metadata: Draft = {"name": site.namespace, "labels": {**labels(site, None), **security}, "annotations": ASK_FIRST}
    body: dict[str, Draft] = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    yield Object(body, (site.project["name"],), shared=False)
