"""A workload and what it needs -> the NetworkPolicy that lets just that through, where the network is closed.

Data is mounted by the CSI driver on the node, whose traffic is not the pod's: a volume needs no rule here. The one
driver that mounts from inside the pod is Google's.
"""

from collections.abc import Iterator

from mlgen import connections
from mlgen.beside.egress import address_peer, namespace_peer, rules
from mlgen.beside.needs import Needs
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, workload_labels
from mlgen.site import Site, Workload
from mlgen.trace import Draft, made, said

DNS = 53
# Where the DNS caches of nodes and clouds answer, which belong to no namespace (kubernetes, NodeLocal DNSCache).
LINK_LOCAL = "169.254.0.0/16"
# The API server has no label and an address that no manifest knows: only its ports can be told.
API_SERVER_PORTS = (443, 6443)
# Where GKE hands out tokens, whatever the node's network plugin makes of the address (GKE, "About Workload Identity
# Federation for GKE": network policies).
METADATA_SERVER = "169.254.169.252/30"
METADATA_PORTS = (80, 988)
ANYWHERE = ("0.0.0.0/0", "::/0")


def objects(workload: Workload, needs: Needs) -> Iterator[Object]:
    """One policy for the workload's pods; none where the network is open."""
    closed = workload.site.offer["network"]["default"]
    if closed.value != "deny":
        return
    labels = workload_labels(workload, needs.user)
    name = named(workload, said(needs.user), sources=(needs.user,)) if needs.user else named(workload)
    body: dict[str, Draft] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(workload.site, name, labels),
        "spec": {
            "podSelector": {"matchLabels": selector(labels)},
            "policyTypes": made(["Ingress", "Egress"], closed),
            "ingress": list(ingress(workload, needs)) or None,
            "egress": list(egress(workload, needs)),
        },
    }
    yield Object(body, (workload.key, closed))


def ingress(workload: Workload, needs: Needs) -> Iterator[Draft]:
    """Who may reach the pods: the project's own, those that bring requests, those that watch, and their peers.

    The kubelet, which probes and forwards ports, is always let in.
    """
    site = workload.site
    if needs.ports:
        yield {"from": [project_peer(site)], "ports": [tcp(port) for port in needs.ports.values()]}
    if "host" in workload.spec and "http" in needs.ports:
        way_in = list(proxies(site.offer))
        if way_in:
            yield made({"from": way_in, "ports": [tcp(needs.ports["http"])]}, workload.spec["host"])
    for namespace, port in needs.callers.items():
        ports = port if isinstance(port, list) else [port]
        yield {"from": [namespace_peer(namespace)], "ports": [tcp(each) for each in ports]}
    monitoring = site.offer.get("monitoring")
    if monitoring is not None and needs.metrics is not None:
        own = needs.metrics.number
        number = own if own is not None else needs.ports[needs.metrics.port]
        yield {"from": [namespace_peer(monitoring["namespace"])], "ports": [tcp(number)]}
    if needs.peers:
        yield {"from": [{"podSelector": {"matchLabels": selector(workload_labels(workload, needs.user))}}]}


def egress(workload: Workload, needs: Needs) -> Iterator[Draft]:
    """Whom the pods may reach: DNS, the project's own pods, who decide on which ports, and what is declared."""
    yield {
        "to": [namespace_peer("kube-system"), {"ipBlock": {"cidr": LINK_LOCAL}}],
        "ports": [{"protocol": protocol, "port": DNS} for protocol in ("UDP", "TCP")],
    }
    yield {"to": [project_peer(workload.site)]}
    if needs.api_server:
        yield {
            "to": [{"ipBlock": {"cidr": cidr}} for cidr in ANYWHERE],
            "ports": [tcp(port) for port in API_SERVER_PORTS],
        }
    yield from rules(declared(workload))
    yield from to_bucket(workload, needs)


def to_bucket(workload: Workload, needs: Needs) -> Iterator[Draft]:
    """Where a driver that mounts from inside the pod finds the bucket, and the token of the pod's account."""
    offer = workload.site.offer.find("storage", "blob")
    through = offer.get("egress") if offer is not None else None
    if through is None or not (needs.blob or used_data(workload, "blob")):
        return
    yield made(
        {"to": [{"ipBlock": {"cidr": METADATA_SERVER}}], "ports": [tcp(port) for port in METADATA_PORTS]}, through
    )
    yield from rules(through.items)


def used_data(workload: Workload, kind: str) -> set[str]:
    """The names of the data of one kind that its pods mount: of what is listed, and the model's."""
    listed, model = workload.spec.get("data"), workload.spec.find("model", "data")
    named = [*(listed.items if listed is not None else ()), *([model] if model is not None else [])]
    return {name for name in map(said, named) if kind in workload.data.get(name, {})}


def declared(workload: Workload) -> Iterator[Node]:
    """Every destination that the workload says it needs, and those of its connections."""
    own = workload.spec.get("egress")
    yield from own.items if own is not None else ()
    yield from connections.egress(workload)


def proxies(environment: Node) -> Iterator[Draft]:
    """From where requests for the workload's host come."""
    for way in ("gateway", "ingress"):
        offer = environment.find("network", way)
        place = None if offer is None else offer.get("proxies") or offer.get("namespace")
        if place is not None:
            outside = said(place)[:1].isdigit()
            yield address_peer(place, said(place)) if outside else namespace_peer(place)


def project_peer(site: Site) -> Draft:
    """The pods of the project, in its own namespace or in one that others share."""
    return {"podSelector": {"matchLabels": {"mlgen.dev/project": site.project["name"]}}}


def tcp(port: Draft) -> Draft:
    """A port, by its number: not every network plugin looks up names."""
    return {"protocol": "TCP", "port": port}
