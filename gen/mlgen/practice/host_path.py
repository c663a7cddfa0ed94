"""A volume that is a folder of the node."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-path",
    title="A volume that is a folder of the node",
    why=(
        "What is written there stays on that node, and with the right folder a pod owns the node. Namespaces "
        "below the level `privileged` refuse the pod."
    ),
    bad="volumes: [{name: scratch, hostPath: {path: /mnt/nvme}}]",
    good="volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: local-nvme, ...}}}}]",
    source="https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    severity="error",
    ignorable=True,
)

SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock")
SENSITIVE = ("/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/root", "/var", "/var/run", "/run")
HINT = "take a claim, an emptyDir or an ephemeral volume"


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Each volume of the kind; the message says what is worst about it."""
    if not pod.spec.get("volumes") or not standard.applies("baseline", setting):
        return
    for path, volume in maps_at(pod.spec, "volumes"):
        if isinstance(volume.get("hostPath"), dict):
            folder = text_at(volume, "hostPath", "path")
            where = (*pod.path, *path, "hostPath", *(("path",) if folder else ()))
            yield Fault(where, RULE.id, _message(volume, folder, pod), HINT)


def _message(volume: Body, folder: str, pod: Pod) -> str:
    if folder.endswith(SOCKETS):
        return f"with {code(folder)} the pod starts any container on its node"
    mounts = [mount for _, one in containers.every(pod) for _, mount in maps_at(one, "volumeMounts")]
    may_write = any(one.get("name") == volume.get("name") and one.get("readOnly") is not True for one in mounts)
    does = "may write into" if may_write else "reads"
    if (folder.rstrip("/") or "/") in SENSITIVE:
        return f"the pod {does} {code(folder)} of its node, which belongs to the system"
    return f"the pod {does} the folder {code(folder)} of its node"
