"""A SealedSecret -> its health: whether the controller could open it. Argo CD has a check of its own."""

from mlgen.health.check import Check, conditions

CHECK = Check(
    "bitnami.com/v1alpha1",
    "SealedSecret",
    "Flux takes it for done, whether it could be opened or not.",
    failed=conditions("Synced", status="False"),
    current=conditions("Synced"),
)
