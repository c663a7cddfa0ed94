"""``tensorboard: DATA/FOLDER`` of a training workload -> TensorBoard over that folder: a Deployment and a Service.

It runs the workload's own image, which has the TensorFlow or PyTorch that wrote the logs, and it only reads them.
"""

from collections.abc import Iterator

from mlgen import image
from mlgen.beside import network
from mlgen.beside.needs import Needs
from mlgen.kinds.part import part
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, service_account, workload_labels
from mlgen.pod import Pod, Volume, data_volume, named_in, pod
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
    volume = logs(training, asked)
    yield service_account(own)
    yield from volume.objects
    yield deployment(own, viewer(own, volume, asked), asked)
    yield service(own, asked)
    # Nobody is woken because of it: it is let through the network, and not watched.
    kept = "blob" in training.data[said(asked).partition("/")[0]]
    yield from network.objects(own, Needs(ports={"http": PORT}, service=True, blob=kept))


def logs(training: Workload, asked: Node) -> Volume:
    """The data that holds the logs, which the training writes and TensorBoard may not."""
    name = said(asked).partition("/")[0]
    used = next(item for item in named_in(training, "data") if said(item) == name)
    return data_volume(training, used, read_only=True)._replace(name=made(name, used, asked))


def viewer(own: Workload, volume: Volume, asked: Node) -> Pod:
    """The pod. Its page answers before the logs are read."""
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
        "startupProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5, "failureThreshold": 60},
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 10},
        "livenessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 20},
    }
    return pod(own, container, volumes=[volume], spec={})


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


def service(own: Workload, asked: Node) -> Object:
    """The name under which `kubectl port-forward` and a route find it."""
    labels = workload_labels(own)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(own.site, named(own), labels),
        "spec": {"selector": selector(labels), "ports": [{"name": "http", "port": PORT, "targetPort": "http"}]},
    }
    return Object(body, (asked,))
