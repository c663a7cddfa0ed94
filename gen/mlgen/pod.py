"""A workload -> the pod template that every kind shares: restricted security, resources, environment, data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import secrets, storage
from mlgen.node import Node
from mlgen.objects import Object, named, workload_labels
from mlgen.site import Workload
from mlgen.storage.use import Use
from mlgen.trace import Draft, Made, key_of, made, said


class Pod(NamedTuple):
    """A pod template, and the objects that must stand beside it."""

    template: Draft
    objects: tuple[Object, ...]


class Volume(NamedTuple):
    """A volume and where the container sees it."""

    name: Draft
    path: Draft
    source: Draft
    read_only: Made | None = None
    objects: tuple[Object, ...] = ()


def pod(
    workload: Workload,
    container: Mapping[str, Draft],
    *,
    volumes: Iterable[Volume] = (),
    env: Mapping[str, Draft] | None = None,
    user: Node | None = None,
    spec: Mapping[str, Draft],
) -> Pod:
    """A pod of one ``container`` (its name, image, ports and probes) with all that the workload's spec asks for.

    ``volumes`` and ``env`` are the kind's own, beside the spec's data and variables; ``spec`` are further fields of
    the pod. Raises MlgenError where the environment does not offer what the spec needs.
    """
    mounts = [*volumes, *data_volumes(workload)]
    whole: dict[str, Draft] = {
        "name": container["name"],
        "image": container["image"],
        "command": workload.spec.get("command"),
        "args": workload.spec.get("args"),
        **container,
        "env": list(variables(workload, env or {})) or None,
        "resources": resources(workload),
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": v.name, "mountPath": v.path, "readOnly": v.read_only} for v in mounts] or None,
    }
    template: Draft = {
        "metadata": {"labels": workload_labels(workload, user)},
        "spec": {
            "serviceAccountName": named(workload),
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "imagePullSecrets": pull_secrets(workload),
            "securityContext": security(workload),
            **spec,
            **placement(workload),
            "containers": [whole],
            "volumes": [made({"name": v.name, **_mapping(v.source)}, *_sources(v.name)) for v in mounts] or None,
        },
    }
    return Pod(template, tuple(found for volume in mounts for found in volume.objects))


def security(workload: Workload) -> dict[str, Draft]:
    """The pod's part of the restricted Pod Security Standard; the container's part stands in ``pod``."""
    user = workload.spec["runAsUser"]
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        # A big volume is not walked file by file at every start.
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def resources(workload: Workload) -> dict[str, Draft]:
    """Requests as asked for; memory and GPUs are limits too. A processor limit would throttle data loaders."""
    asked = workload.spec["resources"]
    cpu, memory = made(said(asked["cpu"]), asked["cpu"]), asked["memory"]
    gpus = {_resource(workload, name): made(said(node), node) for name, node in gpu_classes(workload)}
    return {"requests": {"cpu": cpu, "memory": memory, **gpus}, "limits": {"memory": memory, **gpus}}


def gpu_classes(workload: Workload) -> list[tuple[str, Node]]:
    """The GPU classes that one pod asks for, each with how many."""
    asked = workload.spec.find("resources", "gpu")
    return list(asked.entries.items()) if asked is not None else []


def _resource(workload: Workload, gpu_class: str) -> str:
    return said(workload.site.offer["gpus"][gpu_class]["resource"])


def placement(workload: Workload) -> dict[str, Draft]:
    """Where GPU pods go, as the environment says of their class."""
    classes = [workload.site.offer["gpus"][name] for name, _ in gpu_classes(workload)]
    return {key: node[key] for node in classes for key in ("nodeSelector", "tolerations") if key in node}


def pull_secrets(workload: Workload) -> Draft:
    """What may pull the image from the environment's registry."""
    secret = workload.site.offer.find("registry", "pullSecret")
    return [{"name": secret}] if secret is not None else None


def variables(workload: Workload, own: Mapping[str, Draft]) -> Iterator[Draft]:
    """Environment variables: the kind's own, the spec's, and one for each key of each secret."""
    for key, value in own.items():
        yield {"name": key, "value": value}
    env = workload.spec.get("env")
    if env is not None:
        for key, node in env.entries.items():
            yield {"name": key_of(env, key), "value": made(said(node), node)}
    provider = secrets.PROVIDERS[said(workload.site.offer["secrets"]["from"])]
    for used in named_in(workload, "secrets"):
        secret = workload.names[f"secrets/{said(used)}"]
        for item in workload.secrets[said(used)].items:
            reference: Draft = {"name": provider.name(secret, workload.site), "key": item}
            yield made({"name": item, "valueFrom": {"secretKeyRef": reference}}, used)


def data_volumes(workload: Workload) -> Iterator[Volume]:
    """One volume for each piece of data that the spec names."""
    for used in named_in(workload, "data"):
        entry = workload.data[said(used)]
        access = entry.get("access")
        yield data_volume(workload, used, read_only=access is not None and access.value == "read")


def data_volume(workload: Workload, used: Node, *, read_only: bool) -> Volume:
    """The data that ``used`` names, mounted where its entry says."""
    entry = workload.data[said(used)]
    use = Use(workload.names[f"data/{said(used)}"], entry, read_only, workload.site)
    mounted = storage.mount(use)
    flag = made(True, entry.get("access") or entry, used) if read_only else None
    return Volume(used, use.path, mounted.volume, flag, mounted.objects)


def named_in(workload: Workload, place: str) -> Sequence[Node]:
    """The names in one of the spec's lists."""
    node = workload.spec.get(place)
    return node.items if node is not None else []


def _mapping(source: Draft) -> Mapping[str, Draft]:
    if not isinstance(source, Mapping):
        raise TypeError("a volume's source is a mapping")
    return source


def _sources(name: Draft) -> tuple[Node, ...]:
    return (name,) if isinstance(name, Node) else ()
