"""``{blob: CONTAINER/FOLDER}`` -> whatever mounts blob storage in this environment."""

from mlgen.problem import MlgenError, Problem
from mlgen.storage import azure_blob
from mlgen.storage.use import Driver, Mounted, Use
from mlgen.trace import said

DRIVERS: dict[str, Driver] = {
    "azure-blob": azure_blob,
}


def mount(use: Use) -> Mounted:
    """Ask the environment's driver. Raises MlgenError where the environment has no blob storage."""
    driver = use.site.offer.find("storage", "blob", "driver")
    if driver is None:
        environment = use.site.offer["name"]
        raise MlgenError(
            Problem(
                "no-blob-storage",
                use.entry["blob"].span,
                f"`{said(use.name)}` is in blob storage, and `{said(environment)}` has none",
                "give the environment `storage: {blob: ...}`, or use a claim there: `{blob: null, claim: NAME}`",
                related=((environment.span, "this environment"),),
            )
        )
    return DRIVERS[said(driver)].mount(use)
