"""A volume of a sort that the environment's namespaces refuse."""

from collections.abc import Iterator

from mlgen.body import maps_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="restricted-volume",
    title="A volume of a sort that the environment's namespaces refuse",
    why=(
        "Namespaces of the level `restricted` take claims, and what Kubernetes makes itself; nothing that "
        "names a server or a disk directly."
    ),
    bad="volumes: [{name: data, nfs: {server: nas.example.com, path: /data}}]",
    good="volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)

TAKEN = frozenset(
    "name configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split()
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Sources beyond those of the level; of a hostPath, host-path says it."""
    if setting.offer is None or not pod.spec.get("volumes") or not standard.applies("restricted", setting):
        return
    for path, volume in maps_at(pod.spec, "volumes"):
        for source in volume.keys() - TAKEN - {"hostPath"}:
            if isinstance(volume[source], dict):
                message = f"{code(str(setting.offer['name'].value))} takes no volume of the sort {code(source)}"
                yield Fault((*pod.path, *path, source), RULE.id, message, "make it a PersistentVolume, and claim that")
