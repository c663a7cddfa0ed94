"""A ScaledObject of KEDA -> its health: whether KEDA scales by it. Argo CD has a check of its own."""

from mlgen.health.check import Check, conditions

_PAUSED = conditions("Paused")

CHECK = Check(
    "keda.sh/v1alpha1",
    "ScaledObject",
    "Flux takes it for done before KEDA has seen it, and waits on where KEDA cannot scale by it.",
    failed=conditions("Ready", status="False"),
    current=f"({conditions('Ready')}) || ({_PAUSED})",
)
