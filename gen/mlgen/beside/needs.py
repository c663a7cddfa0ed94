"""What a kind's pods need of the network and of those who watch them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made

PORT = "metrics"


class Metrics(NamedTuple):
    """Where pods show their metrics: the port by its name, and the path.

    ``number`` is the port's where it is none of those that others may reach. ``requests`` names the counter of what
    was answered, ``latency`` the histogram of how long that took, in ``unit`` as Grafana calls it; empty where nobody
    knows. ``through`` is a port that the container declares, where it does not declare that of the metrics: the pods
    are found by it.
    """

    port: str
    path: Draft = "/metrics"
    number: Draft = None
    requests: str = ""
    latency: str = ""
    unit: str = "s"
    through: int | None = None


class Needs(NamedTuple):
    """``ports`` are those that others may reach, by name; ``callers`` the namespaces of an operator that reaches the
    pods too, each with the port, or a list of them; ``peers`` tells whether the pods talk to each other on any port
    (distributed training, Spark); ``api_server`` whether they call the Kubernetes API; ``service`` whether a Service
    stands before them; ``blob`` whether they mount blob storage that their own spec does not name; ``user`` narrows
    the pods to those of one notebook user.

    ``watched`` are the names of the objects that alerts and dashboards are about, by their Kubernetes kind.
    """

    ports: Mapping[str, Draft] = {}
    callers: Mapping[str, Draft] = {}
    peers: bool = False
    api_server: bool = False
    metrics: Metrics | None = None
    service: bool = False
    blob: bool = False
    user: Node | None = None
    watched: Mapping[str, Sequence[Made]] = {}


def watching(*objects: Object) -> dict[str, list[Made]]:
    """``objects`` as something to be watched."""
    found: dict[str, list[Made]] = {}
    for one in objects:
        name = one.body["metadata"]["name"]  # type: ignore[index, call-overload]  # every builder drafts a mapping
        found.setdefault(str(one.body["kind"]), []).append(name if isinstance(name, Made) else made(name))
    return found


def called(workload: Workload) -> str:
    """What people read: the project, the workload, and the part of it."""
    return f"{workload.site.name}/{workload.name}" + (f"-{workload.part}" if workload.part else "")


def own_metrics(workload: Workload) -> Metrics | None:
    """The metrics that the spec says its pods show, on a port of their own."""
    number, path = workload.spec.find("metrics", "port"), workload.spec.find("metrics", "path")
    return None if number is None else Metrics(PORT, path, number)


def metrics_port(workload: Workload) -> list[Draft]:
    """That port, as the container declares it; none where the spec names none."""
    number = workload.spec.find("metrics", "port")
    return [] if number is None else [{"name": PORT, "containerPort": number}]
