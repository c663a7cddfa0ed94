"""Two volumes with one handle, which the driver would take for one."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.node import Json
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="same-handle",
    title="Two volumes with one handle",
    why="To the driver and to the kubelet they are one volume: on a node that has both, the second pod sees what the "
    "first one mounted, with its options.",
    bad="csi: {driver: blob.csi.azure.com, volumeHandle: acmeml_features}          # in both volumes",
    good="csi: {driver: blob.csi.azure.com, volumeHandle: acmeml_features_ro}",
    source="kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md: volumeHandle; container-storage-interface/spec",
)
HANDLE = ("spec", "csi", "volumeHandle")


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each pair of volumes of one driver with one handle; a warning where both are mounted in the same way."""
    first: dict[tuple[str, str], int] = {}
    for subject, volume in objects.of("PersistentVolume"):
        handle = text_at(volume, *HANDLE)
        other = first.setdefault((text_at(volume, "spec", "csi", "driver"), handle), subject)
        if handle and other != subject:
            name = code(text_at(objects.bodies[other], "metadata", "name"))
            same = _mounted(volume) == _mounted(objects.bodies[other])
            message = f"the volume {name} has the same handle, {code(handle)}"
            message += ": no pod can mount both" if same else ", and is mounted differently"
            fault = Fault(HANDLE, RULE.id, message, "give each volume a handle of its own")
            yield Finding(
                subject,
                fault._replace(severity="warning") if same else fault,
                ((other, HANDLE, "the other one"),),
            )


def _mounted(volume: Body) -> list[Json]:
    spec = map_at(volume, "spec")
    return [spec.get("mountOptions"), map_at(spec, "csi").get("volumeAttributes"), map_at(spec, "csi").get("readOnly")]
