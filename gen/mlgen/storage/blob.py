"""``{blob: CONTAINER/FOLDER}`` -> whatever mounts blob storage in this environment."""

from mlgen.storage import azure_blob, azure_blob_nfs, gcs, s3
from mlgen.storage.use import Driver, Mounted, Use, claimed, lacking
from mlgen.trace import said

DRIVERS: dict[str, Driver] = {
    "azure-blob": azure_blob,
    "azure-blob-nfs": azure_blob_nfs,
    "s3": s3,
    "gcs": gcs,
}


def mount(use: Use) -> Mounted:
    """Ask the environment's driver. Raises MlgenError where the environment has no blob storage."""
    driver = use.site.offer.find("storage", "blob", "driver")
    if driver is None:
        message = f"`{said(use.name)}` is in blob storage, and there is none in `{said(use.site.offer['name'])}`"
        hint = f"give the environment `storage: {{blob: ...}}`, or use a claim there: {claimed(use)}"
        raise lacking(use, "blob", "no-blob-storage", message, hint)
    return DRIVERS[said(driver)].mount(use)
