"""What shows the logs of a run -> its Deployment of one pod and its Service; and the data in which the logs are."""

from collections.abc import Iterator

from mlgen.beside import network
from mlgen.beside.needs import Needs
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, workload_labels
from mlgen.pod import Pod, Volume, data_volume, named_in
from mlgen.site import Workload
from mlgen.trace import Draft, made, said


def logs(whole: Workload, asked: Node, *, read_only: bool) -> Volume:
    """The data that holds the logs: ``asked`` names it, and a folder in it."""
    name = said(asked).partition("/")[0]
    used = next(item for item in named_in(whole, "data") if said(item) == name)
    return data_volume(whole, used, read_only=read_only)._replace(name=made(name, used, asked))


def objects(own: Workload, found: Pod, asked: Node, port: int) -> Iterator[Object]:
    """The Deployment, the Service, and the way through a closed network. Nobody is woken because of it."""
    yield deployment(own, found, asked)
    yield service(own, asked, port)
    kept = "blob" in own.data[said(asked).partition("/")[0]]
    yield from network.objects(own, Needs(ports={"http": port}, service=True, blob=kept))


def probes(port: str = "http") -> dict[str, Draft]:
    """Its page answers before the logs are read."""
    return {
        "startupProbe": {"httpGet": {"path": "/", "port": port}, "periodSeconds": 5, "failureThreshold": 60},
        "readinessProbe": {"httpGet": {"path": "/", "port": port}, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": port}, "periodSeconds": 20},
    }


def deployment(own: Workload, found: Pod, asked: Node) -> Object:
    """One pod."""
    labels = workload_labels(own)
    body: dict[str, Draft] = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(own.site, named(own), labels),
        "spec": {
            "replicas": 1,
            "revisionHistoryLimit": 3,
            "selector": {"matchLabels": selector(labels)},
            "template": found.template,
        },
    }
    return Object(body, (asked,))


def service(own: Workload, asked: Node, port: int) -> Object:
    """The name under which `kubectl port-forward` and a route find it."""
    labels = workload_labels(own)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(own.site, named(own), labels),
        "spec": {"selector": selector(labels), "ports": [{"name": "http", "port": port, "targetPort": "http"}]},
    }
    return Object(body, (asked,))
