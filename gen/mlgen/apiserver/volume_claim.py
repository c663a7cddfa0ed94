"""A volume or a claim whose fields do not fit together."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="volume-claim",
    title="A volume or a claim whose fields do not fit together",
    why="The API server refuses it. A claim has one source, of an API group unless it is another claim, and the "
    "root of a node cannot be recycled.",
    bad="dataSource: {kind: VolumeSnapshot, name: models}",
    good="dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: models}",
    source="kubernetes/pkg/apis/core/validation: ValidatePersistentVolumeClaimSpec, ValidatePersistentVolumeSpec",
)
CLAIM = "PersistentVolumeClaim"
NAMES = ("apiGroup", "kind", "name")


def check(body: Body) -> Iterator[Fault]:
    """A PersistentVolume, a PersistentVolumeClaim, or the templates of a StatefulSet."""
    kind = named(body)
    if kind == "v1 PersistentVolume":
        yield from _volume(map_at(body, "spec"))
    elif kind == "v1 PersistentVolumeClaim":
        yield from _claim(("spec",), map_at(body, "spec"))
    else:
        for where, claim in maps_at(body, "spec", "volumeClaimTemplates"):
            yield from _claim((*where, "spec"), map_at(claim, "spec"))


def check_pod(pod: Pod) -> Iterator[Fault]:
    """The claims that a pod makes for itself."""
    for where, volume in maps_at(pod.spec, "volumes"):
        if "ephemeral" in volume:
            inner = ("ephemeral", "volumeClaimTemplate", "spec")
            yield from _claim((*pod.path, *where, *inner), map_at(volume, *inner))


def _claim(path: Path, spec: Body) -> Iterator[Fault]:
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    for field, one in (("dataSource", source), ("dataSourceRef", reference)):
        if isinstance(one, dict) and not one.get("apiGroup") and one.get("kind") not in (None, "", CLAIM):
            message = f"a source of kind {code(one['kind'])} needs an `apiGroup`"
            yield Fault((*path, field, "kind"), RULE.id, message, "a snapshot's is `snapshot.storage.k8s.io`")
    if isinstance(source, dict) and isinstance(reference, dict):
        if reference.get("namespace"):
            message = "`dataSource` cannot stand beside a source in another namespace"
            yield Fault((*path, "dataSource"), RULE.id, message, "take it away")
        elif [source.get(name) or "" for name in NAMES] != [reference.get(name) or "" for name in NAMES]:
            message = "`dataSource` and `dataSourceRef` name two sources"
            yield Fault((*path, "dataSource"), RULE.id, message, "take one of the two away")


def _volume(spec: Body) -> Iterator[Fault]:
    root = text_at(spec, "hostPath", "path").rstrip("/") == "" and "hostPath" in spec
    if root and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        message = "the root of a node cannot be recycled"
        yield Fault(("spec", "persistentVolumeReclaimPolicy"), RULE.id, message, "write `Retain`")
