"""An object -> every pod that it makes: where its spec and its metadata stand, in custom resources too."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from mlgen.body import Body, map_at, maps_at
from mlgen.node import Json, Path

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
# Where Kubernetes' own kinds have the pod's metadata and spec.
TEMPLATES: Mapping[str, Path] = {
    "v1 Pod": (),
    "v1 PodTemplate": ("template",),
    "v1 ReplicationController": ("spec", "template"),
    "apps/v1 Deployment": ("spec", "template"),
    "apps/v1 ReplicaSet": ("spec", "template"),
    "apps/v1 DaemonSet": ("spec", "template"),
    "apps/v1 StatefulSet": ("spec", "template"),
    "batch/v1 Job": ("spec", "template"),
    "batch/v1 CronJob": ("spec", "jobTemplate", "spec", "template"),
}

# Groups with a dot that are Kubernetes' own all the same.
OWN_GROUPS = frozenset(
    f"{group}.k8s.io"
    for group in (
        "admissionregistration apiextensions apiregistration authentication authorization certificates coordination "
        "discovery events flowcontrol.apiserver internal.apiserver lifecycle networking node rbac.authorization "
        "resource scheduling storage storagemigration"
    ).split()
)

Containers: TypeAlias = "list[tuple[Path, Body]]"  # each with its path in the object


class Pod(NamedTuple):
    """A pod of ``owner``, an object's "apps/v1 Deployment". ``spec`` stands at ``path``, ``metadata`` beside it.

    ``holder`` is the whole object. ``metadata`` is empty where nothing can be said of it (a custom resource that has
    the spec's fields among its own).
    """

    owner: str
    path: Path
    spec: Body
    metadata: Body
    holder: Body

    @property
    def metadata_path(self) -> Path:
        """Where the metadata stands."""
        return (*self.path[:-1], "metadata")

    def containers(self) -> Iterator[tuple[Path, Body]]:
        """Every container, those that run first, first; each with its path in the object."""
        for name in CONTAINERS:
            for path, container in maps_at(self.spec, name):
                yield (*self.path, *path), container


def named(body: Body) -> str:
    """What an object is: "apps/v1 Deployment"; rules look their kinds up by it."""
    return f"{body.get('apiVersion')} {body.get('kind')}"


def pods(body: Body) -> Iterator[Pod]:
    """Every pod that ``body`` makes: those of Kubernetes' own kinds, and whatever has the shape of one elsewhere."""
    owner = named(body)
    where = TEMPLATES.get(owner)
    if where is None:
        group = owner.partition("/")[0]
        if "." in group and group not in OWN_GROUPS:  # Kubernetes' own kinds have pods where the table says
            yield from _custom(body, (), {}, owner, body)
    elif isinstance(spec := map_at(body, *where).get("spec"), dict):
        yield Pod(owner, (*where, "spec"), spec, map_at(body, *where, "metadata"), body)


def _custom(value: Json, path: Path, beside: Body, owner: str, holder: Body) -> Iterator[Pod]:
    """Maps with containers; ``beside`` is the metadata that stands beside ``value``, if it is a template's spec."""
    if isinstance(value, dict):
        if any(isinstance(item, dict) for _, item in maps_at(value, "containers")):
            yield Pod(owner, path, value, beside, holder)
            return
        for key, below in value.items():
            metadata = map_at(value, "metadata") if key == "spec" and path else {}
            yield from _custom(below, (*path, key), metadata, owner, holder)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _custom(item, (*path, index), {}, owner, holder)
