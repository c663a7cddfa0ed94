"""A ``serving`` workload on KubeRay 1.4 and later -> a RayService of Ray's application; else what it is anywhere.

Its address is what it would be without KubeRay: the Service that KubeRay makes has the workload's name. A change makes
a new cluster beside the old one, which goes when the new one answers.
"""

from collections.abc import Iterator, Mapping

from mlgen import beside, exposure
from mlgen.beside.needs import Needs
from mlgen.exposure.backend import Backend
from mlgen.kinds import ray, serving
from mlgen.kinds.canary import canaries
from mlgen.node import Node, Scalar
from mlgen.objects import Object, metadata, named, service_account, workload_labels
from mlgen.pod import CONTAINER_SECURITY
from mlgen.servers import ray as server
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

SERVER = "ray"
PORT = server.PORT
SERVE = "serve"  # KubeRay looks for the port by this name
# No request is answered on the head, which keeps the cluster together.
HEAD: Mapping[str, Scalar] = {"cpu": 1, "memory": "4Gi"}
AUTOSCALER: Mapping[str, Draft] = {"cpu": "500m", "memory": "512Mi"}


def build(workload: Workload) -> Iterator[Object]:
    """The RayService, that of its canary, and the way in that shares requests out between the two."""
    if said(workload.spec["server"]) != SERVER:
        yield from serving.build(workload)
        return
    backends = []
    for each in (workload, *canaries(workload)):
        yield from answering(each)
        backends.append(Backend(named(each), PORT, serving.weight(workload, each)))
    if "host" in workload.spec:
        yield exposure.expose(workload, backends)


def answering(workload: Workload) -> Iterator[Object]:
    """Everything that answers. KubeRay makes the rights of the head that scales its cluster."""
    scaled = serving.replicas(workload)[1] is not None
    yield service_account(workload)
    yield from ray.worker(workload, {}).objects
    yield ray_service(workload)
    operator = workload.site.offer.find("operators", "ray")
    asked: list[Draft] = [ray.DASHBOARD, PORT]
    yield from beside.objects(
        workload,
        Needs(
            ports={"http": PORT},
            callers={} if operator is None else {said(operator): asked},
            peers=True,
            api_server=scaled,
            metrics=ray.METRICS,
            watched={"RayService": [named(workload)]},
        ),
    )


def ray_service(workload: Workload) -> Object:
    """The RayService; without replicas that change, without what scales them."""
    least, most = serving.replicas(workload)
    scaling: dict[str, Draft] = {}
    if most is not None:
        size: Draft = {"requests": AUTOSCALER, "limits": AUTOSCALER}
        scaling = {
            "enableInTreeAutoscaling": made(True, most),
            "autoscalerOptions": {"resources": size, "securityContext": CONTAINER_SECURITY},
        }
    body: dict[str, Draft] = {
        "apiVersion": ray.API_VERSION,
        "kind": "RayService",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "spec": {
            "serveConfigV2": server.applications(workload, {}),
            "excludeHeadPodFromServeSvc": True,
            "serveService": {"metadata": {"name": named(workload)}, "spec": {"ports": [{"name": SERVE, "port": PORT}]}},
            "rayClusterConfig": {
                **scaling,
                "headGroupSpec": {
                    "rayStartParams": {"dashboard-host": "0.0.0.0", "num-cpus": "0"},
                    "template": head(workload, scaled=most is not None),
                },
                "workerGroupSpecs": [
                    {
                        "groupName": "workers",
                        "replicas": least,
                        "minReplicas": least,
                        "maxReplicas": most or least,
                        "rayStartParams": {},
                        "template": worker(workload),
                    }
                ],
            },
        },
    }
    return Object(body, (workload.key,))


def head(workload: Workload, *, scaled: bool) -> Draft:
    """The head's pod, which asks for little, and calls the API where it scales the cluster."""
    place = workload.spec["server"].span
    asked = Node({key: Node(value, place) for key, value in HEAD.items()}, place)
    more: dict[str, Draft] = {"automountServiceAccountToken": True} if scaled else {}
    return ray.head(workload, {}, asked, {SERVE: PORT}, more).template


def worker(workload: Workload) -> Draft:
    """A pod that answers."""
    return ray.worker(workload, {}, {SERVE: PORT}, serving.settled(workload)).template
