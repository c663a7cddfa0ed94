"""A closed network -> the NetworkPolicy of a project's namespace that lets nothing through by itself."""

from collections.abc import Iterator

from mlgen.objects import Object, labels, metadata
from mlgen.site import Site
from mlgen.trace import Draft, made


def objects(site: Site) -> Iterator[Object]:
    """Nothing where the network is open, or where somebody else owns the namespace."""
    closed = site.offer["network"]["default"]
    if closed.value != "deny" or not site.owned:
        return
    body: dict[str, Draft] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(site, made("default-deny", closed), labels(site, None)),
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }
    yield Object(body, (closed,))
