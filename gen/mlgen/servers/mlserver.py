"""MLServer -> its container, told by variables of one version of one model and of the library that made it.

Its image starts it on a folder without models; it then takes the one that the variables name (SeldonIO/MLServer,
mlserver/repository/repository.py). So a `model-settings.json` that lies beside the model has no say.
"""

from collections.abc import Sequence

from mlgen.beside.needs import Metrics
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.servers import model
from mlgen.servers.served import Served, answers, declared, probes
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

NAME = "mlserver"
PORTS: dict[str, Draft] = {"grpc": 8081, "http": 8080, "metrics": 8082}
MOUNTS: Sequence[str] = ()
VARIABLES: Sequence[str] = (
    *("MLSERVER_HTTP_PORT", "MLSERVER_GRPC_PORT", "MLSERVER_METRICS_PORT"),
    *("MLSERVER_MODEL_NAME", "MLSERVER_MODEL_VERSION", "MLSERVER_MODEL_URI", "MLSERVER_MODEL_IMPLEMENTATION"),
)
RUNTIMES = {
    "sklearn": "mlserver_sklearn.SKLearnModel",
    "xgboost": "mlserver_xgboost.XGBoostModel",
    "lightgbm": "mlserver_lightgbm.LightGBMModel",
    "mlflow": "mlserver_mlflow.MLflowRuntime",
}
# SeldonIO/MLServer, docs/user-guide/metrics: the REST server's own.
SHOWN = Metrics("metrics", requests="rest_server_requests_total", latency="rest_server_request_duration_seconds")


def serve(workload: Workload) -> Served:
    """Raises MlgenError where there is no model, no runtime, no image, or a key for another server."""
    model.check(workload)
    implementation = runtime(workload)
    named, volume = workload.spec["model"], model.whole(workload)
    values: list[Draft] = [
        *(str(PORTS[port]) for port in ("http", "grpc", "metrics")),
        named["name"],
        made(said(named["version"]), named["version"]),
        model.folder(workload, volume),
        made(RUNTIMES[said(implementation)], implementation),
    ]
    container: dict[str, Draft] = {
        "name": "server",
        "image": model.server_image(workload, NAME),
        "ports": declared(PORTS),
        **probes(workload, answers("/v2/health/ready"), answers("/v2/health/live")),
    }
    env = dict(zip(VARIABLES, values, strict=True))
    return Served(container, PORTS["http"], model.needed(workload, volume), metrics=SHOWN, env=env)


def runtime(workload: Workload) -> Node:
    """What reads the model. Raises MlgenError where the spec names none, or arguments, which the image would run."""
    spec, problems = workload.spec, []
    found = spec.get("runtime")
    if found is None:
        message = "mlserver has a runtime for each library, and none is named"
        hint = f"add `runtime`: one of {', '.join(RUNTIMES)}"
        problems.append(Problem("server-needs-runtime", spec["server"].span, message, hint))
    if "args" in spec:
        message = "`args` are not for mlserver: its image would run them instead of the server"
        hint = "set what it should do under `env`, such as `MLSERVER_PARALLEL_WORKERS: 2`"
        problems.append(Problem("not-for-this-server", spec.key_span("args"), message, hint))
    if found is None or problems:
        raise MlgenError(*problems)
    return found
