"""Two items of a list have the same key."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.pods import Containers, Pod, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="listed-twice",
    title="Two items of a list have the same name or key",
    why="The API server refuses the object: it could not tell which of the two is meant.",
    bad="volumeMounts:\n- {name: data, mountPath: /data}\n- {name: models, mountPath: /data}",
    good="volumeMounts:\n- {name: data, mountPath: /data}\n- {name: models, mountPath: /models}",
    source="kubernetes/pkg/apis/core/validation: ValidateVolumeMounts, validateContainers, ValidateVolumes, "
    "validateContainerPorts, ValidateService; apiextensions and admissionregistration validation",
)


class List(NamedTuple):
    """A list, the keys of its items that are unique together, and what one item is called.

    ``defaults`` is what a key means that is not there; without one, an item that lacks a key is passed over.
    """

    path: Path
    keys: tuple[str, ...]
    noun: str
    defaults: Mapping[str, Json] = {}


TCP: Mapping[str, Json] = {"protocol": "TCP"}
OF_CONTAINER = (
    List(("ports",), ("name",), "port"),
    List(("volumeMounts",), ("mountPath",), "mount"),
    List(("volumeDevices",), ("devicePath",), "device"),
    List(("volumeDevices",), ("name",), "device"),
    List(("resizePolicy",), ("resourceName",), "resize policy"),
    List(("resources", "claims"), ("name",), "claim"),
)
OF_POD = (
    List(("volumes",), ("name",), "volume"),
    List(("schedulingGates",), ("name",), "scheduling gate"),
    List(("resourceClaims",), ("name",), "resource claim"),
    List(("securityContext", "sysctls"), ("name",), "sysctl"),
    List(("topologySpreadConstraints",), ("topologyKey", "whenUnsatisfiable"), "spread constraint"),
)
WEBHOOKS = (List(("webhooks",), ("name",), "webhook"),)
POLICY = (
    List(("spec", "variables"), ("name",), "variable"),
    List(("spec", "matchConditions"), ("name",), "match condition"),
)
OF_KIND: Mapping[str, tuple[List, ...]] = {
    "v1 Service": (
        List(("spec", "ports"), ("name",), "port"),
        List(("spec", "ports"), ("protocol", "port"), "port", TCP),
        List(("spec", "ports"), ("protocol", "nodePort"), "node port", TCP),
    ),
    "v1 Node": (List(("spec", "taints"), ("key", "effect"), "taint"),),
    "apiextensions.k8s.io/v1 CustomResourceDefinition": (List(("spec", "versions"), ("name",), "version"),),
    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": WEBHOOKS,
    "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration": WEBHOOKS,
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy": POLICY,
    "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy": POLICY,
    "discovery.k8s.io/v1 EndpointSlice": (List(("ports",), ("name",), "port", {"name": ""}),),
    "resource.k8s.io/v1 ResourceClaim": (List(("spec", "devices", "requests"), ("name",), "request"),),
    "resource.k8s.io/v1 ResourceClaimTemplate": (List(("spec", "spec", "devices", "requests"), ("name",), "request"),),
    "storage.k8s.io/v1 CSIDriver": (List(("spec", "tokenRequests"), ("audience",), "token request", {"audience": ""}),),
}


def check(body: Body) -> Iterator[Fault]:
    """The lists of an object of its own."""
    for one in OF_KIND.get(named(body), ()):
        yield from _repeated(body, (), one)


def check_pod(pod: Pod) -> Iterator[Fault]:
    """The lists of a pod but those of its containers."""
    for one in OF_POD:
        if one.path[0] in pod.spec:
            yield from _repeated(pod.spec, pod.path, one)


def check_names(pod: Pod, containers: Containers) -> Iterator[Fault]:
    """The names of a pod's containers, which are unique whatever list they are in."""
    names = [container.get("name") for _, container in containers]
    if len(names) < 2:
        return
    start = len(pod.path)
    seen: set[str] = set()
    # Regular containers first: of two, the server complains of the init container.
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for (path, _), name in zip(containers, names, strict=True):
            if path[start] == kind and isinstance(name, str) and name:
                if name in seen:
                    message = f"another container of this pod is named {code(name)}"
                    yield Fault((*path, "name"), RULE.id, message, "give one of the two another name")
                seen.add(name)


def check_container(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """The lists of a container."""
    for one in OF_CONTAINER:
        if one.path[0] in container:
            yield from _repeated(container, path, one)


def _repeated(holder: Body, base: Path, one: List) -> Iterator[Fault]:
    items = at(holder, *one.path)
    if not isinstance(items, list) or len(items) < 2:
        return
    seen = set()
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        key = tuple([_scalar(item.get(name) or one.defaults.get(name)) for name in one.keys])
        if None in key:
            continue
        if key in seen:
            last = [name for name in one.keys if name in item][-1:]
            names, values = (" and ".join(code(said) for said in some) for some in (one.keys, key))
            message = f"another {one.noun} of this list has the same {names}, {values}"
            yield Fault((*base, *one.path, index, *last), RULE.id, message, "take one of the two away, or change it")
        seen.add(key)


def _scalar(value: Json) -> str | int | None:
    return value if isinstance(value, (str, int)) else None
