"""A change of what points a delivery engine at a project -> what becomes of all that the engine applies."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, list_at, text_at
from mlgen.changes.compare import Change, label
from mlgen.changes.look import Risk, Scene, touched

# What points an engine somewhere, and the fields that say where.
FOLLOWING: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("argoproj.io", "Application"): (("spec", "source"), ("spec", "destination")),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): (("spec", "path"), ("spec", "sourceRef")),
    ("source.toolkit.fluxcd.io", "GitRepository"): (("spec", "url"), ("spec", "ref")),
    ("source.toolkit.fluxcd.io", "OCIRepository"): (("spec", "url"), ("spec", "ref")),
}
APPLIES = ("Application", "Kustomization")


def pointed(change: Change, scene: Scene) -> Iterator[Risk]:
    """Where one comes, follows another place, or goes."""
    following = FOLLOWING.get(change.ref[:2])
    if following is None:
        return
    name, applies = label(change.ref), change.ref.kind in APPLIES
    if change.before is not None and change.after is not None:
        if any(touched(change, *path) for path in following):
            text = f"{name} follows another repository, branch or folder: what runs becomes what is there"
            yield Risk("warning", "follows-another", text)
    elif applies and change.before is None:
        yield Risk("note", "takes-over", f"{name} is new: from now on an engine applies what is rendered here")
    elif applies and _takes_along(change.body):
        # Flux leaves what it may not prune; Argo CD asks where an object says `Delete=confirm`, and only there.
        but = "but for what is kept from pruning" if change.ref.kind == "Kustomization" else "runs too"
        what = f"{name} goes, and what it applied with it, {but}"
        yield Risk("danger", "deletes-all", what, "to keep it, protect the environment (`protected: true`) first")
    elif applies:
        yield Risk("note", "lets-go", f"{name} goes, and what it applied stays until somebody deletes it")


def _takes_along(body: Body) -> bool:
    """Whether an engine deletes what it applied when what points it there is deleted."""
    if body.get("kind") == "Application":
        return bool(list_at(body, "metadata", "finalizers"))
    return text_at(body, "spec", "deletionPolicy") != "Orphan"
