"""A volume of blobs that its driver cannot mount."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.operators.csi import Volume, identified, mistyped, volumes
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="blob-volume",
    title="A volume of Azure blobs that its driver cannot mount",
    why="The API server takes any attributes and options; the driver finds out when a pod waits for the volume, and "
    "what it does not know it passes over.",
    bad="mountOptions: [nconnect=4]\ncsi: {driver: blob.csi.azure.com, volumeAttributes: {protocol: fuse2}}",
    good="mountOptions: [-o allow_other]\ncsi: {driver: blob.csi.azure.com, volumeAttributes: {protocol: fuse2, "
    "storageAccount: acmeml, containerName: features}}",
    source="kubernetes-sigs/blob-csi-driver v1.27, pkg/blob/nodeserver.go: NodeStageVolume, pkg/blob/blob.go: "
    "GetAuthEnv, docs/driver-parameters.md",
)
DRIVER = "blob.csi.azure.com"
FUSE, NFS = ("fuse", "fuse2"), ("nfs", "nfsv3", "aznfs")
ACCOUNT = ("storageaccount", "storageaccountname", "accountname", "secretname", "keyvaulturl", "server")
KNOWN = frozenset(
    (
        *ACCOUNT,
        *"protocol containername containernameprefix resourcegroup subscriptionid secretnamespace mountoptions".split(),
        *"mountpermissions storageendpointsuffix ishnsenabled fsgroupchangepolicy getaccountkeyfromsecret".split(),
        *"azurestoragespnclientid azurestoragespntenantid azurestorageauthtype azurestorageidentityclientid".split(),
        *"azurestorageidentityobjectid azurestorageidentityresourceid msiendpoint azurestorageaadendpoint".split(),
        *"keyvaultsecretname keyvaultsecretversion clientid tenantid getlatestaccountkey storageaccounttype".split(),
        *"skuname location tags usedataplaneapi mountwithworkloadidentitytoken networkendpointtype accountkey".split(),
    )
)
OTHER = {"sharename": "it is an attribute of file.csi.azure.com; blobs have `containerName`"}


def check(body: Body) -> Iterator[Fault]:
    """Each volume of the driver."""
    for volume in volumes(body, DRIVER):
        yield from _attributes(volume)
        yield from _options(volume)
        handle = text_at(volume.csi, "volumeHandle")
        if "#" in handle and not identified(volume):
            mend = "use letters, digits, dashes and underscores: acmeml_features"
            message = f"the handle {code(handle)} has `#`, by which the driver takes it apart"
            yield Fault((*volume.path, "volumeHandle"), RULE.id, message, mend)


def _attributes(volume: Volume) -> Iterator[Fault]:
    protocol = volume.value("protocol")
    if protocol and protocol not in FUSE + NFS:
        message = f"the driver has no protocol {code(protocol)}, and would take blobfuse 1"
        yield Fault(
            volume.where("protocol"), RULE.id, message, did_you_mean(protocol, ("fuse2", "nfs", "fuse", "aznfs"))
        )
    for name, mend in OTHER.items():
        if name in volume.attributes:
            message = f"{code(volume.attributes[name][0])} says nothing to {DRIVER}"
            yield Fault(volume.where(name), RULE.id, message, mend)
            return
    for written, meant in mistyped(volume, KNOWN):
        yield Fault(
            (*volume.path, "volumeAttributes", written),
            RULE.id,
            f"the driver has no attribute {code(written)}, and passes over it",
            f"did you mean {code(meant)}? (the driver reads capitals and small letters alike)",
        )
        return  # what is missing below may be what was mistyped
    yield from _missing(volume)


def _missing(volume: Volume) -> Iterator[Fault]:
    where = (*volume.path, "volumeAttributes") if volume.attributes else volume.path
    if not volume.value("containername") and not identified(volume):
        yield Fault(where, RULE.id, "nothing says which container to mount", "add `containerName` to the attributes")
    elif not (any(volume.value(name) for name in ACCOUNT) or identified(volume) or _secret(volume)):
        message = "nothing says which storage account has the container"
        yield Fault(where, RULE.id, message, "add `storageAccount` to the attributes")


def _secret(volume: Volume) -> bool:
    """Whether a Secret may name the account."""
    return any(map_at(volume.csi, name) for name in ("nodeStageSecretRef", "nodePublishSecretRef"))


def _options(volume: Volume) -> Iterator[Fault]:
    nfs = volume.value("protocol") in NFS
    for index, option in enumerate(volume.options):
        if not isinstance(option, str) or not option or option.startswith("-") is not nfs:
            continue
        reader, form = ("mount.nfs", "`nconnect=4`") if nfs else ("blobfuse", "`-o allow_other` or `--read-only=true`")
        message = f"{reader} does not read the option {code(option)}"
        yield Fault((*volume.options_path, index), RULE.id, message, f"its options are written like {form}")
