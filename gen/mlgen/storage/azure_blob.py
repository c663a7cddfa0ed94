"""Azure Blob Storage through blobfuse2 -> a static volume whose caches keep what the freshness allows.

The options are those of the blob CSI driver (kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md) and of
blobfuse2 (Azure/azure-storage-fuse). No user is among them: with ``allow_other`` every file may be read and written by
all who see the mount, whatever the driver makes of a pod's ``fsGroup``.
"""

from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.storage import static
from mlgen.storage.freshness import ALWAYS, NEVER, age
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said

CSI_DRIVER = "blob.csi.azure.com"
CAPACITY = "1Ti"
TIMEOUTS = (
    "file-cache-timeout-in-seconds",
    "attr-cache-timeout",
    "attr-timeout",
    "entry-timeout",
    "negative-timeout",
)


def mount(use: Use) -> Mounted:
    """Raises MlgenError where the environment has two credentials for it."""
    offer = use.site.offer["storage"]["blob"]
    _one_credential(offer)
    container, _, folder = said(use.entry["blob"]).partition("/")
    attributes: dict[str, Draft] = {
        "protocol": "fuse2",  # the driver's default is blobfuse 1
        "resourceGroup": offer["resourceGroup"],
        "storageAccount": offer["account"],
        "containerName": made(container, use.entry["blob"]),
        "clientID": offer.find("identity", "clientId"),
    }
    root = made(f"{said(offer['account'])}_{container}_", offer["account"], use.entry["blob"])
    source = static.Source(CSI_DRIVER, offer.get("secret"), root, attributes, options(use, folder), CAPACITY)
    return static.mount(use, source)


def options(use: Use, folder: str) -> list[Draft]:
    """The mount options for the freshness asked for: five caches answer to that one word.

    The kernel keeps pages for as long as it likes, whatever blobfuse2's timeouts (Azure/azure-storage-fuse#1946):
    either its cache is off, or, with ``direct_io``, every cache is. The two exclude each other (Microsoft's page on
    the limitations of BlobFuse). A writer also needs the write-back cache off, so that others see what it wrote.
    """
    fresh = use.entry["freshness"]
    result: list[Draft] = ["-o allow_other"]
    if folder:
        result.append(made(f"--subdirectory={folder}", use.entry["blob"]))
    lake = use.site.offer.find("storage", "blob", "hierarchicalNamespace")
    if lake is not None and lake.value is True:
        result.append(made("--use-adls=true", lake))  # renames are another call there; blobfuse2 does not find out
    if use.read_only:
        result.append("--read-only=true")
    if fresh.value == ALWAYS:
        result.append(made("-o direct_io", fresh))
    result += [made(f"--{timeout}={age(fresh)}", fresh) for timeout in TIMEOUTS]
    if fresh.value not in (ALWAYS, NEVER):
        result.append(made("--disable-kernel-cache=true", fresh))
    if not use.read_only:
        result.append("--disable-writeback-cache=true")
    return [*result, "--cancel-list-on-mount-seconds=10", "--log-level=LOG_WARNING"]


def _one_credential(offer: Node) -> None:
    if "identity" in offer and "secret" in offer:
        message = "blob storage has both an identity and a secret, and the driver would use only one"
        here, there = offer.key_span("secret"), offer.key_span("identity")
        related = ((there, "the identity"),)
        raise MlgenError(Problem("two-credentials", here, message, "keep one of the two", related=related))
