"""Replicas of one server that all write one place in blob storage."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="many-writers",
    title="Replicas of one server that all write one place in blob storage",
    why="They are one program, so they write the same files, and blobfuse2 does not keep writers on several nodes "
    "apart: what one wrote is lost or mixed with what another wrote.",
    bad="data: {cache: {blob: churn/cache, access: write}}\nserve: {kind: serving, data: [cache], replicas: {min: 2}}",
    good="storage:\n  blob: {driver: azure-blob-nfs, account: acmemlnfs, resourceGroup: ml}      # in the environment",
    source="kubernetes-sigs/blob-csi-driver, docs/limitations.md",
)
THROUGH_CACHES = "azure-blob"


def check(workload: Workload) -> Iterator[Problem]:
    """A warning for each piece of data that a server with replicas may write; a model is only ever read."""
    driver, replicas = workload.site.offer.find("storage", "blob", "driver"), workload.spec.get("replicas")
    if driver is None or driver.value != THROUGH_CACHES or replicas is None:
        return
    most = replicas.get("max") or replicas["min"]
    listed = workload.spec.get("data")
    for used in listed.items if listed is not None and int(said(most)) > 1 else []:
        entry = workload.data.get(said(used))
        access = entry.get("access") if entry is not None and "blob" in entry else None
        if access is not None and access.value == "write":
            pods = f"up to {said(most)} pods of `{workload.name}`"
            message = f"{pods} write `{said(used)}`, each through a cache of its own"
            hint = "let it be read (`access: read`), or give the environment `driver: azure-blob-nfs`"
            related = ((access.span, "it may be written"), (driver.span, "the driver"))
            yield Problem(RULE.id, used.span, message, hint, "warning", related)
