"""Replicas of one server that all write one place in blob storage."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="many-writers",
    title="Replicas of one server that all write one place in blob storage",
    why="They are one program, so they write the same files, and nothing keeps writers on several nodes apart: what "
    "one wrote is lost, or, through blobfuse2, mixed with what another wrote.",
    bad="data: {cache: {blob: churn/cache, access: write}}\nserve: {kind: serving, data: [cache], replicas: {min: 2}}",
    good="storage:\n  blob: {driver: azure-blob-nfs, account: acmemlnfs, resourceGroup: ml}      # in the environment",
    source="kubernetes-sigs/blob-csi-driver, docs/limitations.md; awslabs/mountpoint-s3, doc/SEMANTICS.md; "
    "GoogleCloudPlatform/gcsfuse, docs/semantics.md",
)
# By driver, what becomes of it, and who would keep them apart.
APART = {
    "azure-blob": ("each through a cache of its own", "give the environment `driver: azure-blob-nfs`"),
    "gcs": ("and of two who write one file the last wins", "keep the data on a claim"),
    "s3": ("and of two who write one file the last wins", "keep the data on a claim"),
}


def check(workload: Workload) -> Iterator[Problem]:
    """A warning for each piece of data that a server with replicas may write; a model is only ever read."""
    driver, replicas = workload.site.offer.find("storage", "blob", "driver"), workload.spec.get("replicas")
    if driver is None or said(driver) not in APART or replicas is None:
        return
    outcome, instead = APART[said(driver)]
    most = replicas.get("max") or replicas["min"]
    listed = workload.spec.get("data")
    for used in listed.items if listed is not None and int(said(most)) > 1 else []:
        entry = workload.data.get(said(used))
        access = entry.get("access") if entry is not None and "blob" in entry else None
        if access is not None and access.value == "write":
            pods = f"up to {said(most)} pods of `{workload.name}`"
            message = f"{pods} write `{said(used)}`, {outcome}"
            hint = f"let it be read (`access: read`), or {instead}"
            related = ((access.span, "it may be written"), (driver.span, "the driver"))
            yield Problem(RULE.id, used.span, message, hint, "warning", related)
