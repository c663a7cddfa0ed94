"""A volume of Google Cloud Storage that its driver does not mount, or not as it is written."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.csi import Volume, volumes
from mlgen.pods import pods
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="gcs-volume",
    title="A volume of Google Cloud Storage that its driver does not mount as it is written",
    why="The API server takes any attributes and options. The driver mounts from inside pods that ask for it, refuses "
    "values that it cannot read, and throws away the options that are its own.",
    bad="metadata: {name: train}\n"
    "spec: {volumes: [{csi: {driver: gcsfuse.csi.storage.gke.io, volumeAttributes: {bucketName: acme-ml}}}]}",
    good='metadata: {name: train, annotations: {gke-gcsfuse/volumes: "true"}}\n'
    "spec: {volumes: [{csi: {driver: gcsfuse.csi.storage.gke.io, volumeAttributes: {bucketName: acme-ml}}}]}",
    source="GoogleCloudPlatform/gcs-fuse-csi-driver, pkg/webhook/mutatingwebhook.go, pkg/csi_driver/utils.go: "
    "parseVolumeAttributes, pkg/sidecar_mounter/sidecar_mounter_config.go: disallowedFlags",
)
DRIVER = "gcsfuse.csi.storage.gke.io"
ASKS = "gke-gcsfuse/volumes"
FLAGS = ("filecacheforrangeread", "skipcsibucketaccesscheck", "disablemetrics", "hostnetworkpodksa")
TRUTHS = frozenset("1 t T TRUE true True 0 f F FALSE false False".split())
ITS_OWN = frozenset(
    "temp-dir config-file foreground log-file log-format key-file token-url reuse-token-from-url o cache-dir "
    "logging:log-rotate:max-file-size-mb logging:log-rotate:backup-file-count logging:log-rotate:compress "
    "experimental-local-file-cache prometheus-port".split()
)


def check(body: Body) -> Iterator[Fault]:
    """Each volume of the driver, and the pods in which one stands."""
    for volume in volumes(body, DRIVER):
        yield from _attributes(volume)
        inline = volume.value("mountoptions").split(",") if volume.inline else []
        for option, where in [
            *((option, (*volume.options_path, index)) for index, option in enumerate(volume.options)),
            *((option, volume.where("mountoptions")) for option in inline if option),
        ]:
            yield from _option(str(option), where)
    yield from _unasked(body)


def _attributes(volume: Volume) -> Iterator[Fault]:
    if volume.inline and not text_at(volume.csi, "volumeAttributes", "bucketName"):
        place = (*volume.path, "volumeAttributes") if volume.attributes else volume.path
        yield Fault(place, RULE.id, "nothing says which bucket to mount", "add `bucketName` to the attributes")
    for name in FLAGS:
        value = volume.value(name)
        if value and value not in TRUTHS:
            message = f"{code(volume.attributes[name][0])} cannot be {code(value)}: the driver refuses to mount it"
            yield Fault(volume.where(name), RULE.id, message, 'write `"true"` or `"false"`')


def _option(option: str, where: Path) -> Iterator[Fault]:
    name = option.rpartition(":")[0] if ":" in option and "https" not in option else option.partition("=")[0]
    if name in ITS_OWN:
        message = f"the driver throws {code(option)} away: it decides that itself"
        yield Fault(where, RULE.id, message, "remove it", "warning")


def _unasked(body: Body) -> Iterator[Fault]:
    """Where nothing can be said of a pod, nothing is asked of it."""
    for pod in pods(body):
        notes = map_at(pod.metadata, "annotations")
        if not pod.metadata or str(notes.get(ASKS, "")).lower() == "true":
            continue
        for where, volume in maps_at(pod.spec, "volumes"):
            if text_at(volume, "csi", "driver") == DRIVER:
                message = "the pod does not ask for the container that mounts this volume, and would wait for it"
                hint = f'annotate the pod: `{ASKS}: "true"`'
                yield Fault((*pod.path, *where, "csi", "driver"), RULE.id, message, hint)
