"""``tensorboard: DATA/FOLDER`` of a training workload -> TensorBoard over that folder: a Deployment and a Service.

It runs the workload's own image, which has the TensorFlow or PyTorch that wrote the logs, and it only reads them.
"""

from collections.abc import Iterator

from mlgen import image
from mlgen.kinds import viewer
from mlgen.kinds.part import part
from mlgen.node import Node
from mlgen.objects import Object, service_account
from mlgen.pod import Pod, Volume, pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

PART = "tensorboard"
PORT = 6006
# It holds what it shows in memory, and does little else.
RESOURCES: dict[str, Draft] = {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
# Of the training's spec, what its TensorBoard has too: no GPU, no command, no secrets.
SHARED = ("image", "runAsUser")


def objects(training: Workload) -> Iterator[Object]:
    """Nothing where the spec asks for none. Raises MlgenError where a workload has taken its name."""
    asked = training.spec.get("tensorboard")
    if asked is None:
        return
    spec = {key: training.spec[key] for key in SHARED if key in training.spec}
    own = part(training, PART, "TensorBoard", spec, asked)
    volume = viewer.logs(training, asked, read_only=True)
    yield service_account(own)
    yield from volume.objects
    yield from viewer.objects(own, shown(own, volume, asked), asked, PORT)


def shown(own: Workload, volume: Volume, asked: Node) -> Pod:
    """The pod."""
    _, slash, folder = said(asked).partition("/")
    path: Node | Made = volume.path  # type: ignore[assignment]  # a mount path is a Node or Made
    container: dict[str, Draft] = {
        "name": PART,
        "image": image.of(own),
        "command": [
            "tensorboard",
            made(f"--logdir={said(path)}{slash}{folder}", asked, path),
            "--host=0.0.0.0",
            f"--port={PORT}",
        ],
        "resources": RESOURCES,
        "ports": [{"name": "http", "containerPort": PORT}],
        **viewer.probes(),
    }
    return pod(own, container, volumes=[volume], spec={})
