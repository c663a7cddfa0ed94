"""Google Cloud Storage through Cloud Storage FUSE -> a static volume that belongs to the user of the workload.

The driver (GoogleCloudPlatform/gcs-fuse-csi-driver) reads the bucket from the handle, up to a colon, and mounts it by a
container of its own in each pod that asks for one by an annotation. That container acts as the pod's account, and goes
through the pod's network. The options are those of gcsfuse (cloud.google.com/storage/docs/cloud-storage-fuse).
"""

from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.storage import static
from mlgen.storage.bucket import CAPACITY, place
from mlgen.storage.freshness import NEVER, age
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said, text

CSI_DRIVER = "gcsfuse.csi.storage.gke.io"
FOR_EVER = "-1"
# gcsfuse's own age of what it did not find.
ABSENT = 5
# Without one gcsfuse renames no folder with anything in it; with it, one file after the other.
MOST_RENAMED = 200_000


def mount(use: Use) -> Mounted:
    """One volume for each user id. Raises MlgenError where the network is closed, and has no way out."""
    offer = use.site.offer["storage"]["blob"]
    _reached(use, offer)
    bucket, folder = place(use)
    root = text("{}:", bucket)
    source = static.Source(CSI_DRIVER, None, root, {}, options(use, folder), CAPACITY, untold=True)
    return static.mount(use, source)._replace(notes={"gke-gcsfuse/volumes": made("true", use.entry)})


def options(use: Use, folder: str) -> list[Draft]:
    """The mount options. Without `implicit-dirs` no folder would be seen that was not made through a mount.

    The freshness is always said: on big machines gcsfuse keeps what it knows for ever.
    """
    fresh = use.entry["freshness"]
    result: list[Draft] = ["implicit-dirs"]
    result += [made(f"{owner}={said(use.user)}", use.user) for owner in ("uid", "gid")]
    if folder:
        result.append(made(f"only-dir={folder}", use.entry["blob"]))
    if not use.read_only:
        result.append(f"rename-dir-limit={MOST_RENAMED}")
    seconds = FOR_EVER if fresh.value == NEVER else str(age(fresh))
    result.append(made(f"metadata-cache:ttl-secs:{seconds}", fresh))
    if age(fresh) < ABSENT:
        result.append(made(f"metadata-cache:negative-ttl-secs:{seconds}", fresh))
    return result


def _reached(use: Use, offer: Node) -> None:
    """That container is in the pod's network, which an environment may have closed."""
    closed = use.site.offer["network"]["default"]
    if closed.value == "deny" and "egress" not in offer:
        here = said(use.site.offer["name"])
        message = f"the network of `{here}` is closed, and nothing says where pods reach Cloud Storage"
        hint = "add `egress` to `storage.blob`: `[internet]`, or Google's private addresses, `[199.36.153.8/30:443]`"
        related = ((closed.span, "the network is closed"),)
        raise MlgenError(Problem("no-way-to-bucket", offer["driver"].span, message, hint, related=related))
