"""Triton -> its container, which sees one version of one model and loads that.

Triton's command line pins no version, and what pins one, `config.pbtxt`, lies beside the models, where anybody may
change it. So the container sees no more of the data than the folder of the version: there is no other to be loaded.
What `config.pbtxt` says is either found out by Triton from the model itself, or stands in the spec.
"""

from collections.abc import Sequence

from mlgen.beside.needs import Metrics
from mlgen.objects import Object
from mlgen.pod import Volume
from mlgen.servers import model
from mlgen.servers.served import Served, answers, declared, more_args, probes
from mlgen.site import Workload
from mlgen.trace import Draft, made, said, text

NAME = "triton"
PORTS: dict[str, Draft] = {"grpc": 8001, "http": 8000, "metrics": 8002}
REPOSITORY = "/repository"
FILE = "config.pbtxt"
MOUNTS: Sequence[str] = (REPOSITORY,)
VARIABLES: Sequence[str] = ()
# triton-inference-server/server, docs/user_guide/metrics.md: latencies are sums there, from which no share is told.
SHOWN = Metrics("metrics", requests="nv_inference_request_success")


def serve(workload: Workload) -> Served:
    """Raises MlgenError where there is no model, no image, or a key for another server."""
    model.check(workload)
    spec = workload.spec["model"]
    version = model.one_version(workload, f"{REPOSITORY}/{said(spec['name'])}/{said(spec['version'])}")
    objects, configs = config(workload)
    container: dict[str, Draft] = {
        "name": "server",
        "image": model.server_image(workload, NAME),
        # The image's entry point prepares the libraries for the node's driver, then runs what it is given.
        "args": [
            "tritonserver",
            f"--model-repository={REPOSITORY}",
            "--model-control-mode=explicit",
            text("--load-model={}", spec["name"]),
            *more_args(workload),
        ],
        "ports": declared(PORTS),
        **probes(workload, answers("/v2/health/ready"), answers("/v2/health/live")),
    }
    return Served(container, PORTS["http"], (version, *configs), objects, SHOWN)


def config(workload: Workload) -> tuple[tuple[Object, ...], tuple[Volume, ...]]:
    """The spec's own `config.pbtxt`, beside the version's folder; nothing where Triton is to find it out."""
    written = workload.spec.get("config")
    if written is None:
        return (), ()
    found, name = model.config_map(workload, {FILE: written}, made(name_of(workload), written))
    path = made(f"{REPOSITORY}/{name_of(workload)}/{FILE}", workload.spec["model"]["name"])
    volume = Volume("config", path, {"configMap": {"name": name}}, made(True, written), folder=FILE)
    return (found,), (volume,)


def name_of(workload: Workload) -> str:
    """The model's name: its folder in Triton's repository."""
    return said(workload.spec["model"]["name"])
