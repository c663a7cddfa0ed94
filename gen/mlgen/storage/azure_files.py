"""Azure Files through SMB -> a static volume that belongs to the user of the workload.

The options are those that Microsoft recommends for file.csi.azure.com (the page on mountOptions in Azure Files), but
for the owner and for ``nobrl``: without that, locks hold between pods.
"""

from mlgen.storage import static
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said

CSI_DRIVER = "file.csi.azure.com"


def mount(use: Use) -> Mounted:
    """One volume for each user id: Linux lets nobody but the owner of a file change its mode, as copying does."""
    offer = use.site.offer["storage"]["files"]
    share, _, folder = said(use.entry["files"]).partition("/")
    attributes: dict[str, Draft] = {
        "protocol": "smb",
        "resourceGroup": offer["resourceGroup"],
        "storageAccount": offer["account"],
        "shareName": made(share, use.entry["files"]),
        "folderName": made(folder, use.entry["files"]) if folder else None,
    }
    root = made(f"{said(offer['account'])}_{share}_", offer["account"], use.entry["files"])
    source = static.Source(CSI_DRIVER, offer.get("secret"), root, attributes, options(use), use.entry["size"])
    return static.mount(use, source)


def options(use: Use) -> list[Draft]:
    """Files are executable, for a share knows no modes and people keep scripts there."""
    return [
        "dir_mode=0770",
        "file_mode=0770",
        made(f"uid={said(use.user)}", use.user),
        made(f"gid={said(use.user)}", use.user),
        "mfsymlinks",
        "cache=strict",
        "nosharesock",
        "actimeo=30",
    ]
