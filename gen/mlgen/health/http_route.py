"""An HTTPRoute -> its health: whether every gateway takes it as it is now. Argo CD has a check of its own.

A Service that it names and that is not there may come with the same change: that is waited for.
"""

from mlgen.health.check import Check

_NOW = "(!has(c.observedGeneration) || c.observedGeneration == metadata.generation)"
_REFUSED = f"c.type == 'Accepted' && c.status == 'False' && {_NOW}"
_KEPT = f"c.type == t && c.status == 'True' && {_NOW}"

CHECK = Check(
    "gateway.networking.k8s.io/v1",
    "HTTPRoute",
    "Flux takes it for done, whether a gateway takes it or not.",
    failed=f"has(status.parents) && status.parents.exists(p, has(p.conditions) && p.conditions.exists(c, {_REFUSED}))",
    current="has(status.parents) && status.parents.size() > 0 && status.parents.all(p, has(p.conditions) && "
    f"['Accepted', 'ResolvedRefs'].all(t, p.conditions.exists(c, {_KEPT})))",
)
