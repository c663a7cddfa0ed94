"""A ``serving`` workload on KServe -> the predictor of an InferenceService, and what stands around it.

The mode is always stated: in ``Standard`` KServe makes a Deployment, a Service and an autoscaler, all of them called
`<name>-predictor`, while what an installation does without the annotation is anybody's guess. The container is the one
that the workload has without KServe, so that its image, its version of the model and its ports are those that git
says, and not those of a runtime that somebody may change in the cluster. Its address stays what it was, too: KServe's
Service answers elsewhere, and its own way in is closed by a label (kserve, pkg/constants, NetworkVisibility).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mlgen import beside, exposure
from mlgen.beside.needs import Needs
from mlgen.exposure.backend import Backend
from mlgen.kinds import serving
from mlgen.kinds.canary import canaries
from mlgen.objects import Object, metadata, named, service_account, workload_labels
from mlgen.pod import Pod, pod, resources
from mlgen.scaling.kubernetes import share
from mlgen.servers import SERVERS
from mlgen.servers.served import Served
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

API_VERSION = "serving.kserve.io/v1beta1"
CONTAINER = "kserve-container"  # by this name KServe knows which one answers
MODE: Mapping[str, Draft] = {
    "serving.kserve.io/deploymentMode": "Standard",
    "serving.kserve.io/autoscalerClass": "hpa",
}
CLOSED: Mapping[str, Draft] = {"networking.kserve.io/visibility": "cluster-local"}
HTTP = "http"
# What the operator does with a container's variables (constants.go; predictor_custom.go; utils.go, AddEnvVarToPodSpec).
VARIABLES: Mapping[str, str] = {
    "INFERENCE_SERVICE_NAME": "KServe sets",
    "STORAGE_URI": "KServe reads",
    "PROTOCOL": "KServe reads",
}


class Part(NamedTuple):
    """The server, or its canary: ``pod`` is what runs, ``served`` how."""

    workload: Workload
    served: Served
    pod: Pod


def parts(workload: Workload) -> list[Part]:
    """The server, and its canary if it has one."""
    found = []
    for each in (workload, *canaries(workload)):
        served = SERVERS[said(each.spec["server"])].serve(each)
        container = {
            **served.container,
            **serving.DRAINED,
            "name": CONTAINER,
            "ports": http_first(served),
            "resources": limited(each),
        }
        whole = pod(each, container, volumes=served.volumes, env=served.env, spec=serving.settled(each))
        found.append(Part(each, served, whole))
    return found


def http_first(served: Served) -> list[Draft]:
    """The ports: whatever stands first is what KServe's Service has on port 80."""
    declared = serving.ports(served)
    return [port for first in (True, False) for port in declared if (port["name"] == HTTP) is first]


def limited(workload: Workload) -> dict[str, Draft]:
    """The resources, processors limited too: where no limit is written, KServe's webhook writes its own, of one."""
    found = resources(workload)
    cpu = workload.spec["resources"]["cpu"]
    limits: Any = found["limits"]
    return {**found, "limits": {"cpu": made(said(cpu), cpu), **limits}}


def predictor(part: Part) -> Mapping[str, Draft]:
    """What answers, without how often."""
    template: Any = part.pod.template
    return {**template["metadata"], **template["spec"]}


def scaled(part: Part) -> dict[str, Draft]:
    """How often: KServe's autoscaler has both bounds also where they are one number, which it then keeps."""
    least, most = serving.replicas(part.workload)
    found: dict[str, Draft] = {"minReplicas": least, "maxReplicas": least if most is None else most}
    if most is None:
        return found
    target = share(part.workload)
    return {**found, "scaleMetric": made("cpu", *target.sources), "scaleTarget": target}


def inference_service(part: Part, canary: Draft = None) -> Object:
    """The InferenceService of ``part``; ``canary`` is what it has beside it, where the version has a field for that."""
    workload = part.workload
    labels = {**workload_labels(workload), **CLOSED}
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "InferenceService",
        "metadata": metadata(workload.site, named(workload), labels, annotations=MODE),
        "spec": {
            "predictor": {
                **scaled(part),
                # A new pod must answer before an old one goes.
                "deploymentStrategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
                },
                **predictor(part),
            },
            "canary": canary,
        },
    }
    return Object(body, (workload.key,))


def around(part: Part, *, autoscaled: bool) -> Iterator[Object]:
    """Everything that stands beside an InferenceService; ``autoscaled`` tells whether its number of pods changes."""
    workload, served = part.workload, part.served
    least, _ = serving.replicas(workload)
    yield service_account(workload)
    yield from served.objects
    yield from part.pod.objects
    yield serving.service(workload, served)
    if isinstance(least.value, int) and least.value > 1:
        yield serving.disruption_budget(workload, least)
    yield from beside.objects(workload, needs(workload, served, autoscaled=autoscaled))


def needs(workload: Workload, served: Served, *, autoscaled: bool) -> Needs:
    """Metrics are asked for pod by pod: KServe's Service has the labels of ours, and would double them."""
    name = [named(workload, "predictor")]
    watched = {"Deployment": name, **({"HorizontalPodAutoscaler": name} if autoscaled else {})}
    return serving.needs(workload, served, scaled=autoscaled)._replace(service=False, watched=watched)


def way_in(workload: Workload, found: Sequence[Part]) -> Iterator[Object]:
    """The route from outside, which shares requests out by our own Services."""
    if "host" in workload.spec:
        backends = [
            Backend(named(part.workload), part.served.port, serving.weight(workload, part.workload)) for part in found
        ]
        yield exposure.expose(workload, backends)
