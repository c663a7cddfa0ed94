"""A volume of S3 that its driver cannot mount."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, text_at
from mlgen.faults.case import code
from mlgen.operators.csi import Volume, volumes
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import closest

RULE = Rule(
    id="s3-volume",
    title="A volume of S3 that its driver cannot mount",
    why="The API server takes any attributes and options; the driver finds out when a pod waits for the volume, and "
    "what it does not know it passes over.",
    bad="accessModes: [ReadWriteOnce]\ncsi: {driver: s3.csi.aws.com, volumeAttributes: {bucket: acme-ml}}",
    good="accessModes: [ReadWriteMany]\ncsi: {driver: s3.csi.aws.com, volumeAttributes: {bucketName: acme-ml}}",
    source="awslabs/mountpoint-s3-csi-driver v2, pkg/driver/node/node.go: NodePublishVolume, pkg/mountpoint/args.go: "
    "ParseArgs, pkg/driver/node/volumecontext",
)
DRIVER = "s3.csi.aws.com"
# Capitals and small letters are two things to this driver.
KNOWN = frozenset(
    "bucketName authenticationSource stsRegion cache cacheEmptyDirSizeLimit cacheEmptyDirMedium "
    "cacheEphemeralStorageClassName cacheEphemeralStorageResourceRequest mountpointPodServiceAccountName "
    "mountpointContainerResourcesRequestsCpu mountpointContainerResourcesRequestsMemory "
    "mountpointContainerResourcesLimitsCpu mountpointContainerResourcesLimitsMemory".split()
)
EXACT = {name.lower(): name for name in KNOWN}
SOURCES = ("driver", "pod")
MODES = ("ReadWriteMany", "ReadOnlyMany")
IN_VAIN = frozenset("foreground f help h version v run-as-user".split())


def check(body: Body) -> Iterator[Fault]:
    """Each volume of the driver; what stands in a pod has no modes and no options of its own."""
    for volume in volumes(body, DRIVER):
        yield from _attributes(volume)
        yield from _options(volume)
        modes = ("spec", "accessModes")
        for index, mode in enumerate(() if volume.inline else list_at(body, *modes)):
            if isinstance(mode, str) and mode not in MODES:
                message = f"the driver mounts no volume that is {code(mode)}"
                yield Fault((*modes, index), RULE.id, message, "write `ReadWriteMany`, or `ReadOnlyMany`")


def _attributes(volume: Volume) -> Iterator[Fault]:
    where = (*volume.path, "volumeAttributes")
    for lower, (written, _) in volume.attributes.items():
        meant = None if written in KNOWN or "/" in written else EXACT.get(lower) or closest(written, KNOWN)
        if meant:
            message = f"the driver has no attribute {code(written)}, and passes over it"
            yield Fault((*where, written), RULE.id, message, f"did you mean {code(meant)}?")
            return  # what is missing below may be what was mistyped
    if not text_at(volume.csi, "volumeAttributes", "bucketName"):
        place = where if volume.attributes else volume.path
        yield Fault(place, RULE.id, "nothing says which bucket to mount", "add `bucketName` to the attributes")
    source = volume.value("authenticationsource")
    if source and source not in SOURCES:
        message = f"the driver knows no {code(source)} whose credentials it could take"
        yield Fault(volume.where("authenticationsource"), RULE.id, message, "write `pod`, or `driver`")


def _options(volume: Volume) -> Iterator[Fault]:
    for index, option in enumerate(volume.options):
        if isinstance(option, str) and option.strip():
            name = option.replace("=", " ").split()[0]
            where = (*volume.options_path, index)
            if name == "-o":
                hint = "write the option itself: `allow-other`"
                yield Fault(where, RULE.id, f"the driver refuses {code(option)}: `-o` is for fstab", hint)
            elif name.lstrip("-") in IN_VAIN:
                yield Fault(where, RULE.id, f"the driver passes over {code(option)}", "remove it", "warning")
