"""TensorFlow Serving -> its container, and a ConfigMap that pins one version of the model.

A server that follows the latest version would make the folder the truth, not git. The ConfigMap is named by its
content, so that a new version is a rollout.
"""

import json

from mlgen import image
from mlgen.objects import Object, content_hash, metadata, workload_labels
from mlgen.pod import Volume, data_volume
from mlgen.problem import MlgenError, Problem
from mlgen.servers.served import PERIOD, Served, startup_budget
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

GRPC, HTTP = 8500, 8501
CONFIG = "/etc/tensorflow-serving"
METRICS = 'prometheus_config {\n  enable: true\n  path: "/monitoring/prometheus/metrics"\n}\n'
OWN_KEYS = ("command", "port", "health")


def serve(workload: Workload) -> Served:
    """Raises MlgenError where there is no model, no image, or something that only a custom server takes."""
    _complete(workload)
    model = workload.spec["model"]
    volume = data_volume(workload, model["data"], read_only=True)
    config = configuration(workload, volume.path)
    path = made(f"/v1/models/{said(model['name'])}", model["name"])
    probe: dict[str, Draft] = {"httpGet": {"path": path, "port": "http"}}
    container: dict[str, Draft] = {
        "name": "server",
        "image": server_image(workload),
        "args": [
            f"--port={GRPC}",
            f"--rest_api_port={HTTP}",
            f"--model_config_file={CONFIG}/models.config",
            f"--monitoring_config_file={CONFIG}/monitoring.config",
            *(workload.spec["args"].items if "args" in workload.spec else []),
        ],
        "ports": [{"name": "grpc", "containerPort": GRPC}, {"name": "http", "containerPort": HTTP}],
        "startupProbe": {**probe, "periodSeconds": PERIOD, "failureThreshold": startup_budget(workload)},
        "readinessProbe": {**probe, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": "grpc"}, "periodSeconds": 20},
    }
    name = config.body["metadata"]["name"]  # type: ignore[index, call-overload]  # drafted just below
    mounted = Volume("config", CONFIG, {"configMap": {"name": name}}, made(True, model))
    volumes = (mounted,) if said(model["data"]) in _named_data(workload) else (mounted, volume)
    return Served(container, HTTP, volumes, (config,))


def configuration(workload: Workload, path: Draft) -> Object:
    """The ConfigMap: which model, where, in which version, and where the metrics are."""
    model = workload.spec["model"]
    name, version = said(model["name"]), model["version"]
    base = f"{said(path)}/{name}"  # type: ignore[arg-type]  # a mount path is a Node or Made
    text = (
        "model_config_list {\n  config {\n"
        f"    name: {json.dumps(name)}\n    base_path: {json.dumps(base)}\n"
        '    model_platform: "tensorflow"\n'
        f"    model_version_policy {{ specific {{ versions: {said(version)} }} }}\n"
        "  }\n}\n"
    )
    data: dict[str, Draft] = {
        "models.config": made(text, version, model["name"], model["data"]),
        "monitoring.config": METRICS,
    }
    full_name = made(f"{workload.object_name}-{content_hash(data)}", workload.key, version, model["name"])
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(workload.site, full_name, workload_labels(workload)),
        "data": data,
    }
    return Object(body, (model,), shared=False)


def server_image(workload: Workload) -> Made:
    """The workload's own image, else the one the environment gives to this server."""
    own = workload.spec.get("image") or workload.site.offer.find("servers", "tensorflow-serving")
    if own is None:
        environment = workload.site.offer["name"]
        message = f"`{said(environment)}` says no image for tensorflow-serving"
        hint = "add `servers: {tensorflow-serving: IMAGE}` to the environment, or `image` to this workload"
        raise MlgenError(
            Problem(
                "no-image",
                workload.spec["server"].span,
                message,
                hint,
                related=((environment.span, "this environment"),),
            )
        )
    return image.full(own, workload.site)


def _complete(workload: Workload) -> None:
    spec, problems = workload.spec, []
    for key in OWN_KEYS:
        if key in spec:
            message = f"tensorflow-serving has its own {key}: only a custom server takes one"
            problems.append(
                Problem(
                    "not-for-this-server", spec.key_span(key), message, f"remove `{key}`, or write `server: custom`"
                )
            )
    model = spec.get("model")
    if model is None:
        message = "tensorflow-serving serves a model, and none is named"
        problems.append(
            Problem(
                "server-needs-model", spec["server"].span, message, "add `model: {data: DATA, name: NAME, version: N}`"
            )
        )
    elif "version" not in model:
        message = f"the model `{said(model['name'])}` has no version, here or in releases.yaml"
        problems.append(
            Problem("server-needs-model", model.span, message, "add `version: N`: the number of the model's folder")
        )
    if problems:
        raise MlgenError(*problems)


def _named_data(workload: Workload) -> set[str]:
    node = workload.spec.get("data")
    return {said(item) for item in node.items} if node is not None else set()
