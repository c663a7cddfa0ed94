"""A claim that one node or one pod alone can mount, and several pods mount it."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.footprint import steady
from mlgen.gathered import Gathered, Setting
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault, Finding, Severity
from mlgen.rules.rule import Rule

RULE = Rule(
    id="claim-of-two",
    title="Several pods mount a claim that only one node or one pod can mount",
    why="A pod on another node waits in ContainerCreating with `Multi-Attach error`; of a ReadWriteOncePod claim every "
    "pod but the first stays Pending.",
    bad="kind: Deployment\nspec: {replicas: 3}                 # and its claim has accessModes: [ReadWriteOnce]",
    good="kind: Deployment\nspec: {replicas: 1}",
    source="kubernetes.io, concepts/storage/persistent-volumes, Access Modes",
)
ONE_NODE, ONE_POD = "ReadWriteOnce", "ReadWriteOncePod"


class Mount(NamedTuple):
    """The body of that number mounts a claim at ``path``, in ``pods`` pods at a time."""

    body: int
    path: Path
    pods: int


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every such claim that is here: who mounts it, and how often."""
    mounts: dict[int, list[Mount]] = {}
    for index, pod in objects.pods:
        if not objects.first(index):
            continue
        for path, name in _claims(pod):
            claim = objects.find("PersistentVolumeClaim", name, text_at(pod.holder, "metadata", "namespace"))
            if claim is not None and _alone(objects.bodies[claim]):
                mounts.setdefault(claim, []).append(Mount(index, path, steady(pod)))
    for claim, found in mounts.items():
        if sum(mount.pods for mount in found) > 1:
            yield _finding(claim, found, objects)


def _claims(pod: Pod) -> Iterator[tuple[Path, str]]:
    for path, volume in maps_at(pod.spec, "volumes"):
        if name := text_at(volume, "persistentVolumeClaim", "claimName"):
            yield (*pod.path, *path, "persistentVolumeClaim", "claimName"), name


def _alone(claim: Body) -> bool:
    modes = list_at(claim, "spec", "accessModes")
    return bool(modes) and all(mode in (ONE_NODE, ONE_POD) for mode in modes)


def _finding(claim: int, found: list[Mount], objects: Gathered) -> Finding:
    """At the last who mounts it. Pods on one node may share a ReadWriteOnce claim: that is a warning."""
    last, body = found[-1], objects.bodies[claim]
    mode = ONE_POD if ONE_POD in list_at(body, "spec", "accessModes") else ONE_NODE
    severity: Severity = "error" if mode == ONE_POD else "warning"
    who = f"up to {last.pods} pods" if len(found) == 1 else f"pods of {len({mount.body for mount in found})} objects"
    if len(found) > 1 and len({mount.body for mount in found}) == 1:
        who = f"{sum(mount.pods for mount in found)} pods"
    name = code(text_at(map_at(body, "metadata"), "name"))
    message = f"{who} mount the claim {name}, which is {mode}"
    hint = "let one pod mount it, or make it ReadWriteMany, on storage that can do that"
    related: list[tuple[int, Path, str]] = [(claim, ("spec", "accessModes"), "the claim")]
    related += [(mount.body, mount.path, "mounted here too") for mount in found[:-1]]
    return Finding(last.body, Fault(last.path, RULE.id, message, hint, severity), tuple(related))
