"""An Application of Argo CD that it cannot sync."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import closest

RULE = Rule(
    id="argo-application",
    title="An Application that Argo CD cannot sync",
    why="Argo CD takes the object and says in its conditions that the spec is invalid; or it passes over an option.",
    bad="destination: {server: https://kubernetes.default.svc, name: in-cluster}",
    good="destination: {server: https://kubernetes.default.svc, namespace: ml-churn-prod}",
    source="argo-cd v3.5, util/argo/argo.go: ValidateDestination, validateSourcePermissions; "
    "gitops-engine/pkg/sync/common: sync options; applicationset/generators: matrix.go, merge.go",
)
OPTIONS = (
    "Validate CreateNamespace PrunePropagationPolicy PruneLast Replace ServerSideApply FailOnSharedResource Prune "
    "Delete RespectIgnoreDifferences ApplyOutOfSyncOnly SkipDryRunOnMissingResource Force ClientSideApplyMigration"
).split()
FILLED_LATER = "{{"
PAIR = 2


def check(body: Body) -> Iterator[Fault]:
    """An Application, or that which an ApplicationSet makes many of."""
    if body.get("kind") == "ApplicationSet":
        yield from _generators(map_at(body, "spec"), ("spec",))
        path: Path = ("spec", "template", "spec")
    else:
        path = ("spec",)
    spec = map_at(body, *path)
    whole = body.get("kind") == "Application"
    target = map_at(spec, "destination")
    if target.get("server") and target.get("name"):
        message = "`server` and `name` both say which cluster"
        yield Fault((*path, "destination", "name"), RULE.id, message, "keep one of the two")
    elif whole and spec and not target.get("server") and not target.get("name"):
        where = (*path, "destination") if "destination" in spec else path
        yield Fault(where, RULE.id, "nothing says which cluster", "add `server: https://kubernetes.default.svc`")
    yield from _sources(spec, path, strict=whole)
    for index, option in enumerate(list_at(spec, "syncPolicy", "syncOptions")):
        word, _, value = option.partition("=") if isinstance(option, str) else ("", "", "")
        if word and FILLED_LATER not in word and (word not in OPTIONS or not value):
            meant = closest(word, OPTIONS)
            if meant:
                message = f"Argo CD passes over the option {code(option)}"
                where = (*path, "syncPolicy", "syncOptions", index)
                yield Fault(where, RULE.id, message, f"write `{meant}={value or 'true'}`")


def _sources(spec: Body, path: Path, *, strict: bool) -> Iterator[Fault]:
    if spec.get("source") is not None and spec.get("sources"):
        message = "`source` is passed over where there are `sources`"
        yield Fault((*path, "source"), RULE.id, message, "move it into the list", "warning")
    elif strict and spec and not any(spec.get(name) for name in ("source", "sources", "sourceHydrator")):
        yield Fault(path, RULE.id, "nothing says what to sync", "add `source`")
    said = [((*path, "source"), spec["source"])] if isinstance(spec.get("source"), dict) else []
    for where, source in [*said, *(((*path, *where), one) for where, one in maps_at(spec, "sources"))]:
        if not isinstance(source, dict):
            continue
        if strict and not any(source.get(name) for name in ("path", "chart", "ref")):
            yield Fault(where, RULE.id, "this source says neither `path` nor `chart`", "add one of the two")
        if source.get("chart") and not source.get("targetRevision"):
            yield Fault(where, RULE.id, "a chart needs its version", "add `targetRevision`")


def _generators(spec: Body, path: Path) -> Iterator[Fault]:
    for where, generator in maps_at(spec, "generators"):
        for kind in ("matrix", "merge"):
            inner = map_at(generator, kind)
            count = len(list_at(inner, "generators"))
            if inner and (count != PAIR if kind == "matrix" else count < PAIR):
                wanted = "two generators" if kind == "matrix" else "at least two generators"
                place = (*path, *where, kind, "generators") if "generators" in inner else (*path, *where, kind)
                message = f"{code(kind)} joins {wanted}, not {count}"
                yield Fault(place, RULE.id, message, "add or remove some", "error" if count else "warning")
            if kind == "merge" and count and not list_at(inner, "mergeKeys"):
                yield Fault((*path, *where, kind), RULE.id, "nothing says by which keys to merge", "add `mergeKeys`")
