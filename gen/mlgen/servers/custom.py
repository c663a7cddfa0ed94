"""A server of the project's own -> its container: it answers HTTP on one port."""

from mlgen import image
from mlgen.problem import MlgenError, Problem
from mlgen.servers.served import PERIOD, Served, startup_budget
from mlgen.site import Workload
from mlgen.trace import Draft, made

DEFAULT_PORT = 8080


def serve(workload: Workload) -> Served:
    """Probed at its health path, or by its open port where it has none."""
    model = workload.spec.get("model")
    if model is not None:
        message = "a custom server loads its own model: mlgen would not know how to tell it of this one"
        hint = "name the data under `data` and the model in `args` or `env`"
        raise MlgenError(Problem("server-takes-no-model", workload.spec.key_span("model"), message, hint))
    port = workload.spec.get("port") or made(DEFAULT_PORT, workload.spec["server"])
    health = workload.spec.get("health")
    probe: dict[str, Draft] = (
        {"tcpSocket": {"port": "http"}} if health is None else {"httpGet": {"path": health, "port": "http"}}
    )
    container: dict[str, Draft] = {
        "name": "server",
        "image": image.of(workload),
        "ports": [{"name": "http", "containerPort": port}],
        "startupProbe": {**probe, "periodSeconds": PERIOD, "failureThreshold": startup_budget(workload)},
        "readinessProbe": {**probe, "periodSeconds": 10},
        "livenessProbe": {**probe, "periodSeconds": 20},
    }
    return Served(container, port)
