"""An object -> whether somebody takes it away, and whether git is what keeps it there."""

from mlgen.body import Body, map_at, text_at

HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")
PRUNE = "kustomize.toolkit.fluxcd.io/prune"
OPTIONS = "argocd.argoproj.io/sync-options"


def tracked(body: Body) -> bool:
    """Whether it is protected from pruning, as mlgen's runs are: a delivery tool keeps it as git has it."""
    notes = map_at(body, "metadata", "annotations")
    if not notes:
        return False
    return notes.get(PRUNE) == "disabled" or "Prune=false" in text_at(notes, OPTIONS).replace(" ", "").split(",")


def ours(body: Body) -> bool:
    """Whether mlgen made it, or what a project adds to that."""
    return map_at(body, "metadata", "labels").get("app.kubernetes.io/managed-by") == "mlgen"


def hook(body: Body) -> bool:
    """Whether a delivery tool makes it for one sync or one release."""
    notes = map_at(body, "metadata", "annotations")
    return any(name in notes for name in HOOKS)


def owned(body: Body) -> bool:
    """Whether it has an owner, is a hook that its delivery tool takes away, or one that git must keep."""
    return ours(body) or bool(map_at(body, "metadata").get("ownerReferences")) or hook(body) or tracked(body)
