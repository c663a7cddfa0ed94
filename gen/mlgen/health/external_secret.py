"""An ExternalSecret -> its health: whether the operator has made its Secret. Argo CD has a check of its own."""

from mlgen.health.check import Check, conditions

CHECK = Check(
    "external-secrets.io/v1",
    "ExternalSecret",
    "Flux takes it for done before the operator has seen it, and waits on where its Secret cannot be made.",
    failed=conditions("Ready", status="False"),
    current=conditions("Ready"),
)
