"""A PersistentVolume or its claim -> data of the project: what is compared of the ones that mlgen makes of that."""

from mlgen.imports.drivers import OPTIONS
from mlgen.imports.form import Form
from mlgen.node import Path

WIRING: tuple[Path, ...] = (
    ("spec", "claimRef"),
    ("spec", "volumeName"),
    ("spec", "storageClassName"),
    ("spec", "capacity"),
    ("spec", "resources"),
    ("spec", "accessModes"),
    ("spec", "volumeMode"),
    ("spec", "csi", "volumeHandle"),
    ("spec", "csi", "readOnly"),
    ("spec", "csi", "volumeAttributes", "folderName"),
    ("spec", "csi", "nodeStageSecretRef", "namespace"),
    ("metadata", "annotations", "pv.kubernetes.io/provisioned-by"),
)
WIRED = "mlgen's own: a volume and its claim are named by their content and bind each other"
FORM = Form(kind="data", pods=(), wiring=WIRING, wired=WIRED, silent=(OPTIONS,))
