"""A volume of Azure Files that its driver cannot mount."""

from collections.abc import Iterator

from mlgen.body import Body
from mlgen.faults.case import code
from mlgen.operators.csi import Volume, identified, mistyped, volumes
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="azure-file-volume",
    title="A volume of Azure Files that its driver cannot mount",
    why="The API server takes any attributes and options; the driver finds out when a pod waits for the volume.",
    bad="csi: {driver: file.csi.azure.com, volumeAttributes: {containerName: notes}}",
    good="csi: {driver: file.csi.azure.com, volumeAttributes: {shareName: notes, storageAccount: acmeml}}",
    source="kubernetes-sigs/azurefile-csi-driver v1.33, pkg/azurefile/nodeserver.go: NodeStageVolume, "
    "docs/driver-parameters.md",
)
DRIVER = "file.csi.azure.com"
PROTOCOLS = ("smb", "nfs")
KNOWN = frozenset(
    "sharename sharenameprefix storageaccount storageaccounttype skuname resourcegroup location subscriptionid "
    "protocol secretname secretnamespace foldername mountpermissions server storageendpointsuffix fstype diskname "
    "getaccountkeyfromsecret getlatestaccountkey mountoptions fsgroupchangepolicy encryptintransit clientid tenantid "
    "mountwithmanagedidentity mountwithworkloadidentitytoken networkendpointtype tags".split()
)
ONLY_SMB = ("dir_mode", "file_mode", "mfsymlinks", "nosharesock", "cache", "nobrl", "serverino", "noserverino")
ONLY_NFS = ("nconnect", "nolock", "rsize", "wsize", "noresvport")
READ_BY_BOTH = ("rsize", "wsize")


def check(body: Body) -> Iterator[Fault]:
    """Each volume of the driver."""
    for volume in volumes(body, DRIVER):
        yield from _attributes(volume)
        yield from _options(volume)


def _attributes(volume: Volume) -> Iterator[Fault]:
    protocol = volume.value("protocol")
    if protocol and protocol not in PROTOCOLS:
        message = f"the driver has no protocol {code(protocol)}"
        yield Fault(volume.where("protocol"), RULE.id, message, did_you_mean(protocol, PROTOCOLS))
    if "containername" in volume.attributes:
        message = f"{code(volume.attributes['containername'][0])} says nothing to {DRIVER}"
        mend = "it is an attribute of blob.csi.azure.com; files have `shareName`"
        yield Fault(volume.where("containername"), RULE.id, message, mend)
        return
    for written, meant in mistyped(volume, KNOWN):
        where = (*volume.path, "volumeAttributes", written)
        message = f"the driver has no attribute {code(written)}, and passes over it"
        yield Fault(where, RULE.id, message, f"did you mean {code(meant)}?")
        return
    if not volume.value("sharename") and not identified(volume):
        where = (*volume.path, "volumeAttributes") if volume.attributes else volume.path
        yield Fault(where, RULE.id, "nothing says which share to mount", "add `shareName` to the attributes")


def _options(volume: Volume) -> Iterator[Fault]:
    nfs = volume.value("protocol") == "nfs"
    foreign = ONLY_SMB if nfs else tuple(word for word in ONLY_NFS if word not in READ_BY_BOTH)
    reader = "mount.nfs" if nfs else "mount.cifs"
    for index, option in enumerate(volume.options):
        if isinstance(option, str) and (option.startswith("-") or option.partition("=")[0] in foreign):
            message = f"{reader} does not read the option {code(option)}"
            example = "`nconnect=4`" if nfs else "`dir_mode=0770`"
            yield Fault((*volume.options_path, index), RULE.id, message, f"its options are written like {example}")
