"""``{scratch: SIZE}`` -> space on the node that lives as long as the pod: an emptyDir, or the disk that it names."""

from mlgen.node import Node
from mlgen.objects import labels
from mlgen.problem import MlgenError, Problem
from mlgen.site import Site
from mlgen.storage.use import Mounted, Use, lacking
from mlgen.suggest import closest
from mlgen.trace import Draft, said

PRIVILEGED = "privileged"


def mount(use: Use) -> Mounted:
    """The size of an emptyDir is a limit: a pod that writes more is evicted, not the node's other pods.

    Raises MlgenError where the environment does not have the disk, or may not mount it.
    """
    if "disk" not in use.entry:
        return Mounted({"emptyDir": {"sizeLimit": use.entry["scratch"]}})
    disk = use.site.offer.find("storage", "disks", said(use.entry["disk"]))
    if disk is None:
        raise _unknown(use)
    return _provisioned(use, disk) if "storageClass" in disk else _on_the_node(use, disk)


def nodes(entry: Node, site: Site) -> Node | None:
    """The labels of the nodes that have the disk of ``entry``, where the environment says them."""
    disk = entry.get("disk")
    return site.offer.find("storage", "disks", said(disk), "nodeSelector") if disk is not None else None


def _provisioned(use: Use, disk: Node) -> Mounted:
    """A claim that is made for the pod and goes with it."""
    template: dict[str, Draft] = {
        "metadata": {"labels": labels(use.site, use.name)},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": disk["storageClass"],
            "resources": {"requests": {"storage": use.entry["scratch"]}},
        },
    }
    return Mounted({"ephemeral": {"volumeClaimTemplate": template}})


def _on_the_node(use: Use, disk: Node) -> Mounted:
    """A folder of the node itself. It must be there: one that is made would be on the system's disk."""
    _allowed(use, disk)
    return Mounted({"hostPath": {"path": disk["hostPath"], "type": "Directory"}}, per_pod=True)


def _unknown(use: Use) -> MlgenError:
    name, disks = said(use.entry["disk"]), use.site.offer.find("storage", "disks")
    meant = closest(name, disks.entries if disks is not None else ())
    message = f"there is no disk `{name}` in `{said(use.site.offer['name'])}`"
    add = f"add `{name}` to the environment's `storage.disks`, or take `disk` away and have the node's own space"
    return lacking(use, "disk", "no-such-disk", message, f"did you mean `{meant}`?" if meant else add)


def _allowed(use: Use, disk: Node) -> None:
    """Pods that mount the node's folders violate every Pod Security Standard but one."""
    level = use.site.offer["podSecurity"]
    if level.value != PRIVILEGED:
        here = said(use.site.offer["name"])
        message = (
            f"the disk `{said(use.entry['disk'])}` is a folder of the node, which needs `podSecurity: privileged`, "
            f"and `{here}` has `{said(level)}`"
        )
        hint = "give the disk a `storageClass` there instead of `hostPath`, or take `disk` away"
        related = ((disk["hostPath"].span, "the folder"),)
        raise MlgenError(Problem("disk-not-allowed", use.entry["disk"].span, message, hint, related=related))
