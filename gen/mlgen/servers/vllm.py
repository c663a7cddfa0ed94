"""vLLM -> its container, with a model spread over all GPUs of the pod, shared memory, and a place for its caches."""

from collections.abc import Sequence

from mlgen.beside.needs import Metrics
from mlgen.node import Node
from mlgen.pod import Volume, gpu_classes
from mlgen.problem import MlgenError, Problem
from mlgen.servers import model
from mlgen.servers.served import Served, answers, declared, more_args, probes
from mlgen.shared_memory import PATH as SHARED
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said, text

NAME = "vllm"
PORTS: dict[str, Draft] = {"http": 8000}
CACHE = "/cache"
CACHE_SIZE = "10Gi"
MOUNTS: Sequence[str] = (CACHE, SHARED)
ENV: dict[str, Draft] = {
    # Hugging Face, Triton, torch.compile and vLLM itself all keep their caches below the home, and the image's own
    # is root's.
    "HOME": CACHE,
    # PyTorch asks for the user's name when it is imported, and the image has none for the pod's number.
    "USER": NAME,
    # What is served is what lies in the data: nothing is fetched, and nobody is told.
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
}
VARIABLES: Sequence[str] = tuple(ENV)
# vllm-project/vllm, docs, Production Metrics.
SHOWN = Metrics("http", requests="vllm:request_success_total", latency="vllm:e2e_request_latency_seconds")


def serve(workload: Workload) -> Served:
    """Raises MlgenError where there is no model, no GPU, no image, or a key for another server."""
    model.check(workload)
    volume, gpus = model.whole(workload), how_many_gpus(workload)
    # Its health path answers as soon as the process runs; the list of models when the model is there.
    ready, alive = answers("/v1/models"), answers("/health")
    container: dict[str, Draft] = {
        "name": "server",
        "image": model.server_image(workload, NAME),
        # The image's entry point was another one before 0.11; and `--model` is on its way out.
        "command": ["vllm", "serve"],
        "args": [
            model.folder(workload, volume),
            text("--served-model-name={}", workload.spec["model"]["name"]),
            f"--port={PORTS['http']}",
            text("--tensor-parallel-size={}", gpus),
            *more_args(workload),
        ],
        "ports": declared(PORTS),
        **probes(workload, ready, alive),
    }
    cache = Volume("cache", CACHE, {"emptyDir": {"sizeLimit": CACHE_SIZE}})
    volumes = (cache, shared_memory(workload), *model.needed(workload, volume))
    return Served(container, PORTS["http"], volumes, metrics=SHOWN, env=ENV)


def how_many_gpus(workload: Workload) -> Made:
    """All GPUs of the pod. Raises MlgenError where it has none."""
    counts: list[Node] = [count for _, count in gpu_classes(workload)]
    if counts:
        return made(str(sum(int(said(count)) for count in counts)), *counts)
    server, environment = workload.spec["server"], workload.site.offer["name"]
    message = f"vllm needs a GPU, and `{workload.name}` asks for none in `{said(environment)}`"
    hint = "add `gpu: {CLASS: 1}` under `resources`, with a class that the environment lists under `gpus`"
    related = ((environment.span, "this environment"),)
    raise MlgenError(Problem("server-needs-gpu", server.span, message, hint, related=related))
