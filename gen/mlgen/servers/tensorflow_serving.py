"""TensorFlow Serving -> its container, and a ConfigMap that pins one version of the model.

The ConfigMap is named by its content, so that a new version is a rollout.
"""

import json
from collections.abc import Sequence

from mlgen.beside.needs import Metrics
from mlgen.pod import Volume
from mlgen.servers import model
from mlgen.servers.served import Served, answers, declared, more_args, probes
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

NAME = "tensorflow-serving"
PORTS: dict[str, Draft] = {"grpc": 8500, "http": 8501}
CONFIG = "/etc/tensorflow-serving"
MOUNTS: Sequence[str] = (CONFIG,)
VARIABLES: Sequence[str] = ()
METRICS_PATH = "/monitoring/prometheus/metrics"
METRICS = f'prometheus_config {{\n  enable: true\n  path: "{METRICS_PATH}"\n}}\n'
# tensorflow/serving, servables/tensorflow/util.cc: a slash in a metric's name becomes a colon; times are microseconds.
SHOWN = Metrics(
    "http", METRICS_PATH, None, ":tensorflow:serving:request_count", ":tensorflow:serving:request_latency", "µs"
)


def serve(workload: Workload) -> Served:
    """Raises MlgenError where there is no model, no image, or a key for another server."""
    model.check(workload)
    named, volume = workload.spec["model"]["name"], model.whole(workload)
    files: dict[str, Draft] = {"models.config": pinned(workload, volume), "monitoring.config": METRICS}
    config, name = model.config_map(workload, files)
    ready = answers(made(f"/v1/models/{said(named)}", named))
    container: dict[str, Draft] = {
        "name": "server",
        "image": model.server_image(workload, NAME),
        "args": [
            f"--port={PORTS['grpc']}",
            f"--rest_api_port={PORTS['http']}",
            f"--model_config_file={CONFIG}/models.config",
            f"--monitoring_config_file={CONFIG}/monitoring.config",
            *more_args(workload),
        ],
        "ports": declared(PORTS),
        **probes(workload, ready, {"tcpSocket": {"port": "grpc"}}),
    }
    read_only = made(True, workload.spec["model"])
    mounted = Volume("config", CONFIG, {"configMap": {"name": name}}, read_only)
    return Served(container, PORTS["http"], (mounted, *model.needed(workload, volume)), (config,), SHOWN)


def pinned(workload: Workload, volume: Volume) -> Made:
    """The server's list of models: this one, in this version, and no other."""
    spec = workload.spec["model"]
    name, version = said(spec["name"]), spec["version"]
    base = f"{model.text(volume.path)}/{name}"
    content = (
        "model_config_list {\n  config {\n"
        f"    name: {json.dumps(name)}\n    base_path: {json.dumps(base)}\n"
        '    model_platform: "tensorflow"\n'
        f"    model_version_policy {{ specific {{ versions: {said(version)} }} }}\n"
        "  }\n}\n"
    )
    return made(content, version, spec["name"], spec["data"])
