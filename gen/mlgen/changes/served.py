"""A change of something that stays up -> whether its pods are replaced, it goes, or it is found elsewhere."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at, number_at
from mlgen.changes.compare import Change, Field, images, label
from mlgen.changes.look import Risk, Scene, touched
from mlgen.changes.size import plural, size
from mlgen.pods import TEMPLATES, named

SERVES = ("Deployment", "StatefulSet", "DaemonSet")
# What operators keep up, and where such an object says what its pods are.
OPERATED = {
    "InferenceService": ("predictor", "transformer", "explainer"),
    "LLMInferenceService": ("model", "template", "worker", "prefill"),
    "Notebook": ("template",),
    "RayService": ("rayClusterConfig",),
}
RIGHTS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")


def rolled(change: Change, scene: Scene) -> Iterator[Risk]:
    """Pods that give way to others, and how many more there are meanwhile."""
    if change.before is None or change.after is None:
        return
    inside = OPERATED.get(change.ref.kind, ())
    if not any(_template(change, field) for field in change.fields) and not any(
        touched(change, "spec", part) for part in inside
    ):
        return
    shares = scene.shares.get(change.ref, ())
    pods, more = sum(share.most for share in shares), size(shares, scene.offer, surge=True)
    up_to = "" if number_at(change.body, "spec", "replicas") is not None else "up to "
    count = f": {up_to}{plural(pods, 'pod')}" if pods else ""
    amounts = f" ({more.amounts})" if more.amounts else ""
    surge = f", {more.pods} more meanwhile{amounts}" if more.pods else ""
    yield Risk("warning", "rolls", f"rolls {label(change.ref)}{count}{surge}")


def stopped(change: Change, scene: Scene) -> Iterator[Risk]:
    """What is up no more."""
    if change.after is None and change.ref.kind in (*SERVES, *OPERATED):
        yield Risk("warning", "deletes-workload", f"deletes {label(change.ref)} and its pods")


def moved(change: Change, scene: Scene) -> Iterator[Risk]:
    """Hosts that lead here no more."""
    if change.before is not None:
        now = set(_hosts(change.after.body)) if change.after is not None else set()
        for host in dict.fromkeys(_hosts(change.before.body)):
            if host not in now:
                yield Risk("warning", "host-gone", f"{label(change.ref)} answers to {host} no more")


def rights(change: Change, scene: Scene) -> Iterator[Risk]:
    """What an account may do."""
    alike = change.before is not None and all(field.path[0] == "metadata" for field in change.fields)
    if change.ref.kind in RIGHTS and change.after is not None and not alike:
        how = "gives" if change.before is None else "changes"
        yield Risk("note", "changes-rights", f"{how} rights: {label(change.ref)}")


def undigested(change: Change, scene: Scene) -> Iterator[Risk]:
    """Images that are new here and may become others."""
    old = set(images(change.before.body)) if change.before is not None else set()
    for image in dict.fromkeys(images(change.body) if change.after is not None else ()):
        if image not in old and "@sha256:" not in image:
            yield Risk("note", "no-digest", f"runs {image}, which has no digest: its tag may move")


def _template(change: Change, field: Field) -> bool:
    where = TEMPLATES.get(named(change.body)) if change.ref.kind in SERVES else None
    return where is not None and field.path[: len(where)] == where


def _hosts(body: Body) -> Iterator[str]:
    if body.get("kind") == "Ingress":
        yield from (str(rule["host"]) for _, rule in maps_at(body, "spec", "rules") if "host" in rule)
    elif body.get("kind") == "HTTPRoute":
        yield from map(str, list_at(body, "spec", "hostnames"))
