"""A ``serving`` workload -> a Deployment with its Service, autoscaler, disruption budget and way in."""

from collections.abc import Iterator, Mapping

from mlgen import beside, exposure, scaling
from mlgen.beside.needs import Needs
from mlgen.exposure.backend import Backend
from mlgen.kinds.canary import canaries
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, service_account, workload_labels
from mlgen.pod import Pod, pod
from mlgen.servers import SERVERS
from mlgen.servers.served import Served
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

# A pod that goes keeps answering until every load balancer has looked away (KEP-3960).
DRAINED: dict[str, Draft] = {"lifecycle": {"preStop": {"sleep": {"seconds": 10}}}}


def build(workload: Workload) -> Iterator[Object]:
    """The server, its canary if it has one, and the way in that shares requests out between the two."""
    backends = []
    for each in (workload, *canaries(workload)):
        served = SERVERS[said(each.spec["server"])].serve(each)
        yield from answering(each, served)
        backends.append(Backend(named(each), served.port, weight(workload, each)))
    if "host" in workload.spec:
        yield exposure.expose(workload, backends)


def answering(workload: Workload, served: Served) -> Iterator[Object]:
    """Everything that answers; autoscaler and budget only where the spec makes them useful."""
    container = {**served.container, **DRAINED}
    found = pod(workload, container, volumes=served.volumes, env=served.env, spec=settled(workload))
    least, most = replicas(workload)
    yield service_account(workload)
    yield from served.objects
    yield from found.objects
    yield deployment(workload, found, scaled=most is not None)
    yield service(workload, served)
    if most is not None:
        yield scaling.scale(workload, least, most)
    if isinstance(least.value, int) and least.value > 1:
        yield disruption_budget(workload, least)
    yield from beside.objects(workload, needs(workload, served, scaled=most is not None))


def weight(workload: Workload, part: Workload) -> Draft:
    """The share of the requests that ``part`` of the workload gets; none where it gets them all."""
    share = workload.spec.find("canary", "weight")
    return made(100 - int(said(share)), share) if share is not None and part is workload else share


def needs(workload: Workload, served: Served, *, scaled: bool) -> Needs:
    """Whoever asks reaches every port of the server."""
    name = [named(workload)]
    watched = {"Deployment": name, **({"HorizontalPodAutoscaler": name} if scaled else {})}
    numbers = {str(port["name"]): port["containerPort"] for port in ports(served)}
    return Needs(ports=numbers, metrics=served.metrics, service=True, watched=watched)


def ports(served: Served) -> list[Mapping[str, Draft]]:
    """The server's ports, as its container declares them."""
    declared = served.container["ports"]
    return [port for port in declared if isinstance(port, Mapping)] if isinstance(declared, list) else []


def replicas(workload: Workload) -> tuple[Node, Node | None]:
    """At least and at most how many; no most where the number never changes."""
    asked = workload.spec["replicas"]
    least, most = asked["min"], asked.get("max")
    return least, None if most is None or most.value == least.value else most


def settled(workload: Workload) -> dict[str, Draft]:
    """Replicas spread over zones, and time to finish what was asked before a pod goes."""
    labels = selector(workload_labels(workload))
    spread: Draft = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels},
    }
    return {"topologySpreadConstraints": [spread], "terminationGracePeriodSeconds": 60}


def deployment(workload: Workload, found: Pod, *, scaled: bool) -> Object:
    """Without ``replicas`` where an autoscaler owns that number: git and it would fight."""
    labels = workload_labels(workload)
    body: dict[str, Draft] = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(workload.site, named(workload), labels),
        "spec": {
            "replicas": None if scaled else workload.spec["replicas"]["min"],
            "revisionHistoryLimit": 3,
            # A new pod must answer before an old one goes.
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "selector": {"matchLabels": selector(labels)},
            "template": found.template,
        },
    }
    return Object(body, (workload.key,))


def service(workload: Workload, served: Served) -> Object:
    """The server's ports by their names."""
    labels = workload_labels(workload)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(workload.site, named(workload), labels),
        "spec": {
            "selector": selector(labels),
            "ports": [
                {"name": port["name"], "port": port["containerPort"], "targetPort": port["name"]}
                for port in ports(served)
            ],
        },
    }
    return Object(body, (workload.key,))


def disruption_budget(workload: Workload, least: Node) -> Object:
    """One pod at a time may be moved; one that never became ready may always go (KEP-3017)."""
    labels = workload_labels(workload)
    body: dict[str, Draft] = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(workload.site, named(workload), labels),
        "spec": {
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": selector(labels)},
        },
    }
    return Object(body, (least,))
