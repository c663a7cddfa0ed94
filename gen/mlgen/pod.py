"""A workload -> the pod template that every kind shares: restricted security, resources, environment, data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import connections, gang, nearby, priority, secrets, spot, storage
from mlgen.node import Node
from mlgen.objects import Object, named, pod_labels
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.storage import scratch
from mlgen.storage.use import Use
from mlgen.trace import Draft, Made, key_of, made, said, split

# A container's part of the restricted Pod Security Standard; the pod's part is `security`.
CONTAINER_SECURITY: dict[str, Draft] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD_NAME = "MLGEN_POD"  # the variable that has the pod's own name, where a mount asks for it


class Pod(NamedTuple):
    """A pod template, and the objects that must stand beside it."""

    template: Draft
    objects: tuple[Object, ...]


class Volume(NamedTuple):
    """A volume and where the container sees it.

    ``folder`` is what it sees of it, if not all; ``own`` is that in terms of its variables, so that each pod sees
    another part.
    """

    name: Draft
    path: Draft
    source: Draft
    read_only: Made | None = None
    objects: tuple[Object, ...] = ()
    folder: Draft = None
    per_pod: bool = False
    notes: Mapping[str, Draft] = {}
    own: Draft = None

    @property
    def mount(self) -> Draft:
        """How a container says it. Of what pods share, each sees a folder of its own: see ``own_folder``."""
        return {
            "name": self.name,
            "mountPath": self.path,
            "readOnly": self.read_only,
            "subPath": self.folder,
            "subPathExpr": f"$({POD_NAME})" if self.per_pod else self.own,
        }


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
    mounts = [*volumes, *data_volumes(workload), *secret_volumes(workload)]
    whole: dict[str, Draft] = {
        "name": container["name"],
        "image": container["image"],
        "command": workload.spec.get("command"),
        "args": workload.spec.get("args"),
        **container,
        "env": list(variables(workload, {**(env or {}), **own_folder(mounts)})) or None,
        "resources": container.get("resources") or resources(workload),
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": [volume.mount for volume in mounts] or None,
    }
    template: Draft = {
        "metadata": {"labels": pod_labels(workload, user), "annotations": annotations(workload, mounts)},
        "spec": {
            "serviceAccountName": named(workload),
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "imagePullSecrets": pull_secrets(workload),
            "securityContext": security(workload),
            **spec,
            "schedulerName": gang.name(workload),
            "priorityClassName": priority.of(workload, "class"),
            "affinity": nearby.affinity(workload),
            **placement(workload),
            "containers": [whole],
            "volumes": list(each_once(workload, mounts)) or None,
        },
    }
    return Pod(template, tuple(found for volume in mounts for found in volume.objects))


def security(workload: Workload) -> dict[str, Draft]:
    """The pod's part of the restricted Pod Security Standard; a container's is CONTAINER_SECURITY."""
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
    asked = gpus(workload)
    return list(asked.entries.items()) if asked is not None else []


def gpus(workload: Workload) -> Node | None:
    """Where the spec asks for GPUs: those of Spark are its executors'."""
    return workload.spec.find("resources", "gpu") or workload.spec.find("executors", "gpu")


def _resource(workload: Workload, gpu_class: str) -> str:
    return said(workload.site.offer["gpus"][gpu_class]["resource"])


def placement(workload: Workload) -> dict[str, Draft]:
    """Where pods go: to nodes with the GPUs and the disks that they ask for, as the environment says, or to spot nodes.

    Raises MlgenError where no node can have all of them.
    """
    cheap, why = spot.nodes(workload), spot.asked(workload)
    places = [workload.site.offer["gpus"][name] for name, _ in gpu_classes(workload)]
    places += [cheap] if cheap is not None else []
    model = workload.spec.find("model", "data")
    names = [*named_in(workload, "data"), *([model] if model is not None else [])]
    wanted = [node["nodeSelector"] for node in places if "nodeSelector" in node]
    disks = [scratch.nodes(workload.data[said(used)], workload.site) for used in names]
    wanted += [found for found in disks if found is not None]
    selector: dict[str, Draft] = dict(_together(workload, wanted))
    tolerations: list[Draft] = [item for node in places if node is not cheap for item in _tolerated(node)]
    if cheap is not None:  # then it is what the workload says that sends its pods there
        own = cheap["nodeSelector"].entries if "nodeSelector" in cheap else {}
        selector |= {key: made(said(value), why, value) for key, value in own.items()}
        tolerations += [made(item.plain(), why, item) for item in _tolerated(cheap)]
    some = any("tolerations" in node for node in places)
    return {**({"nodeSelector": selector} if wanted else {}), **({"tolerations": tolerations} if some else {})}


def _tolerated(node: Node) -> Sequence[Node]:
    return node["tolerations"].items if "tolerations" in node else []


def _together(workload: Workload, wanted: Sequence[Node]) -> dict[str, Node]:
    """The labels of nodes that are all that is ``wanted``."""
    found: dict[str, Node] = {}
    for labels in wanted:
        for key, value in labels.entries.items():
            other = found.setdefault(key, value)
            if other.value != value.value:
                both = f"both `{said(other)}` and `{said(value)}`"
                message = f"no node can run `{workload.name}`: its `{key}` would have to be {both}"
                hint = "ask for another disk or class of GPU, or change one `nodeSelector` in the environment"
                related = ((other.span, "one label"), (value.span, "the other"))
                raise MlgenError(Problem("no-such-node", workload.key.span, message, hint, related=related))
    return found


def pull_secrets(workload: Workload) -> Draft:
    """What may pull the image from the environment's registry."""
    secret = workload.site.offer.find("registry", "pullSecret")
    return [{"name": secret}] if secret is not None else None


def variables(workload: Workload, own: Mapping[str, Draft]) -> Iterator[Draft]:
    """Environment variables: the kind's own, the spec's, those of connections, and one for each key of each secret."""
    for key, value in own.items():
        # A value that only the pod knows says where it comes from: {"valueFrom": ...}.
        yield {"name": key, **value} if isinstance(value, Mapping) else {"name": key, "value": value}
    env = workload.spec.get("env")
    if env is not None:
        for key, node in env.entries.items():
            yield {"name": key_of(env, key), "value": made(said(node), node)}
    yield from connections.variables(workload)
    yield from secrets.variables(workload)


def secret_volumes(workload: Workload) -> Iterator[Volume]:
    """One volume for each secret that is in the cluster only while a pod mounts it."""
    for name, path, source in secrets.mounts(workload):
        yield Volume(name, path, source, made(True, name))


def data_volumes(workload: Workload) -> Iterator[Volume]:
    """One volume for each piece of data that the spec names."""
    for used in named_in(workload, "data"):
        entry = workload.data[said(used)]
        access = entry.get("access")
        reads = "snapshot" in entry or (access is not None and access.value == "read")
        yield data_volume(workload, used, read_only=reads)


def data_volume(workload: Workload, used: Node, *, read_only: bool) -> Volume:
    """The data that ``used`` names, mounted where its entry says."""
    entry = workload.data[said(used)]
    use = Use(workload.names[f"data/{said(used)}"], entry, read_only, workload.spec["runAsUser"], workload.site)
    mounted = storage.mount(use)
    flag = made(True, entry.get("access") or entry, used) if read_only else None
    return Volume(used, use.path, mounted.volume, flag, *mounted[1:])


def annotations(workload: Workload, volumes: Iterable[Volume]) -> dict[str, Draft] | None:
    """Those of a pod with ``volumes``: for their drivers, and for whoever places it."""
    return {**(notes(volumes) or {}), **gang.pod_notes(workload), **nearby.notes(workload)} or None


def notes(volumes: Iterable[Volume]) -> dict[str, Draft] | None:
    """The annotations without which the drivers of ``volumes`` do not mount them into a pod, if any needs one."""
    return {key: value for volume in volumes for key, value in volume.notes.items()} or None


def own_folder(volumes: Iterable[Volume]) -> dict[str, Draft]:
    """The variable that a container needs beside ``volumes``, if any of them is one that pods share."""
    source: Draft = {"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    return {POD_NAME: source} if any(volume.per_pod for volume in volumes) else {}


def named_in(workload: Workload, place: str) -> Sequence[Node]:
    """The names in one of the spec's lists."""
    node = workload.spec.get(place)
    return node.items if node is not None else []


def each_once(workload: Workload, mounts: Iterable[Volume]) -> Iterator[Draft]:
    """The volumes of ``mounts``: one may be mounted at two places. Raises MlgenError for two of one name."""
    found: dict[str, Volume] = {}
    for volume in mounts:
        name = said(made(volume.name))
        other = found.setdefault(name, volume)
        if other is volume:
            yield made({"name": volume.name, **_mapping(volume.source)}, *_sources(volume.name))
        elif split(other.source, ())[0] != split(volume.source, ())[0]:
            place = [*_sources(volume.name), *_sources(other.name), workload.key][0]
            message = f"`{name}` would be a volume of `{workload.name}`, which has another one of that name"
            raise MlgenError(Problem("name-collision", place.span, message, "rename that data"))


def _mapping(source: Draft) -> Mapping[str, Draft]:
    if not isinstance(source, Mapping):
        raise TypeError("a volume's source is a mapping")
    return source


def _sources(name: Draft) -> tuple[Node, ...]:
    return (name,) if isinstance(name, Node) else ()
