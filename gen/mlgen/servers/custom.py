"""A server of the project's own -> its container: it answers HTTP on one port."""

from collections.abc import Sequence

from mlgen import image
from mlgen.beside.needs import Metrics, metrics_port, own_metrics
from mlgen.problem import MlgenError, Problem
from mlgen.servers import model
from mlgen.servers.served import Served, answers, probes
from mlgen.site import Workload
from mlgen.trace import Draft, made

DEFAULT_PORT = 8080
MOUNTS: Sequence[str] = ()
VARIABLES: Sequence[str] = ()


def serve(workload: Workload) -> Served:
    """Probed at its health path, or by its open port where it has none."""
    problems = list(model.others_keys(workload))
    named = workload.spec.get("model")
    if named is not None:
        message = "a custom server loads its own model: mlgen would not know how to tell it of this one"
        hint = "name the data under `data` and the model in `args` or `env`"
        problems.append(Problem("server-takes-no-model", workload.spec.key_span("model"), message, hint))
    if problems:
        raise MlgenError(*problems)
    port = workload.spec.get("port") or made(DEFAULT_PORT, workload.spec["server"])
    health = workload.spec.get("health")
    probe: dict[str, Draft] = {"tcpSocket": {"port": "http"}} if health is None else answers(health)
    container: dict[str, Draft] = {
        "name": "server",
        "image": image.of(workload),
        "ports": [{"name": "http", "containerPort": port}, *metrics_port(workload)],
        **probes(workload, probe, probe),
    }
    return Served(container, port, metrics=metrics(workload))


def metrics(workload: Workload) -> Metrics | None:
    """On a port of their own, else on the one that answers; none where the spec says nothing of them."""
    path = workload.spec.find("metrics", "path")
    return own_metrics(workload) or (None if path is None else Metrics("http", path))
