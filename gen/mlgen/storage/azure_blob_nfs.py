"""Azure Blob Storage through NFS 3 -> a static volume that many pods may write, without credentials.

The account's network rules say who may mount it (kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md and
docs/limitations.md); the driver itself adds the version, the security flavour and ``nolock``. Options: nfs(5).
"""

from mlgen.storage import static
from mlgen.storage.azure_blob import CAPACITY, CSI_DRIVER
from mlgen.storage.freshness import ALWAYS, NEVER, age
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said


def mount(use: Use) -> Mounted:
    """The service exports whole containers only, so that the folder is the container's view of the volume."""
    offer = use.site.offer["storage"]["blob"]
    container, _, folder = said(use.entry["blob"]).partition("/")
    attributes: dict[str, Draft] = {
        "protocol": "nfs",
        "resourceGroup": offer["resourceGroup"],
        "storageAccount": offer["account"],
        "containerName": made(container, use.entry["blob"]),
        # Otherwise the driver gives every file to the group of whichever pod comes first on a node.
        "fsGroupChangePolicy": "None",
    }
    root = made(f"{said(offer['account'])}_{container}_", offer["account"], use.entry["blob"])
    source = static.Source(CSI_DRIVER, offer.get("secret"), root, attributes, options(use), CAPACITY)
    return static.mount(use, source)._replace(folder=made(folder, use.entry["blob"]) if folder else None)


def options(use: Use) -> list[Draft]:
    """The mount options for the freshness asked for, which one cache of attributes decides."""
    fresh, connections = use.entry["freshness"], use.site.offer.find("storage", "blob", "connections")
    result: list[Draft] = [made(f"nconnect={said(connections)}", connections)] if connections is not None else []
    if fresh.value == ALWAYS:
        return [*result, made("noac", fresh), made("lookupcache=none", fresh)]
    result.append(made(f"actimeo={age(fresh)}", fresh))
    # What nobody writes need not be compared with the server whenever it is opened.
    return [*result, made("nocto", fresh)] if fresh.value == NEVER and use.read_only else result
