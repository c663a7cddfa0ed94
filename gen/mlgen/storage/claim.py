"""``{claim: NAME}`` -> a volume on a claim that exists in the namespace."""

from mlgen.storage.use import Mounted, Use


def mount(use: Use) -> Mounted:
    """The claim is somebody else's: nothing stands behind the volume here."""
    read_only = True if use.read_only else None
    return Mounted({"persistentVolumeClaim": {"claimName": use.entry["claim"], "readOnly": read_only}})
