"""``{files: SHARE}`` -> whatever mounts file shares in this environment."""

from mlgen.storage import azure_files
from mlgen.storage.use import Driver, Mounted, Use, claimed, lacking
from mlgen.trace import said

DRIVERS: dict[str, Driver] = {
    "azure-files": azure_files,
}


def mount(use: Use) -> Mounted:
    """Ask the environment's driver. Raises MlgenError where the environment has no file shares."""
    driver = use.site.offer.find("storage", "files", "driver")
    if driver is None:
        message = f"`{said(use.name)}` is a file share, and there are none in `{said(use.site.offer['name'])}`"
        hint = f"give the environment `storage: {{files: ...}}`, or use a claim there: {claimed(use)}"
        raise lacking(use, "files", "no-file-storage", message, hint)
    return DRIVERS[said(driver)].mount(use)
