"""``{scratch: SIZE}`` -> an emptyDir: space on the node that lives as long as the pod."""

from mlgen.storage.use import Mounted, Use


def mount(use: Use) -> Mounted:
    """The size is a limit: a pod that writes more is evicted, not the node's other pods."""
    return Mounted({"emptyDir": {"sizeLimit": use.entry["scratch"]}})
