"""An ExternalSecret that its operator refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.cron import DURATION
from mlgen.faults.case import code
from mlgen.problem import Fault, Severity
from mlgen.rules.rule import Rule

RULE = Rule(
    id="external-secret",
    title="An ExternalSecret that its operator refuses",
    why="The operator's webhook refuses it, or its controller cannot read it, and there is no Secret.",
    bad="target: {creationPolicy: Merge, deletionPolicy: Delete}",
    good="target: {creationPolicy: Owner, deletionPolicy: Delete}",
    source="external-secrets v2.9, apis/externalsecrets/v1/externalsecret_validator.go",
)
NOT_OWNED = ("Merge", "None", "CreateOrMerge")
FORBIDDEN = ("bootstrap.kubernetes.io/token",)
KEPT = "Retain"
SOURCES = ("extract", "find")


def check(body: Body) -> Iterator[Fault]:
    """Policies, what is fetched, and when."""
    spec, where = map_at(body, "spec"), ("spec", "target", "deletionPolicy")
    made, deleted = (text_at(spec, "target", policy) for policy in ("creationPolicy", "deletionPolicy"))
    if deleted == "Delete" and made in NOT_OWNED:
        message = f"the operator would delete a Secret that it does not own: `creationPolicy` is {code(made)}"
        yield Fault(where, RULE.id, message, "write `deletionPolicy: Retain`, or `creationPolicy: Owner`")
    elif deleted == "Merge" and made == "None":
        message = "`creationPolicy: None` makes no Secret to merge with"
        yield Fault(where, RULE.id, message, "write `deletionPolicy: Retain`")
    if spec and not spec.get("data") and not spec.get("dataFrom"):
        yield Fault(("spec",), RULE.id, "nothing says what to fetch", "add `data` or `dataFrom`")
    interval = text_at(spec, "refreshInterval")
    if interval and not DURATION.fullmatch(interval):
        message = f"`refreshInterval` cannot be {code(interval)}"
        yield Fault(
            ("spec", "refreshInterval"), RULE.id, message, "write it as `1h0m0s`: hours, minutes and seconds only"
        )
    yield from _from(spec)
    yield from _twice(spec)
    kind = text_at(spec, "target", "template", "type")
    if kind in FORBIDDEN:
        place = ("spec", "target", "template", "type")
        yield Fault(place, RULE.id, f"the operator makes no Secret of the type {code(kind)}", "remove the type")


def _from(spec: Body) -> Iterator[Fault]:
    for path, one in maps_at(spec, "dataFrom"):
        said = [name for name in SOURCES if one.get(name) is not None]
        said += ["sourceRef.generatorRef"] if map_at(one, "sourceRef").get("generatorRef") is not None else []
        if not said and one.get("sourceRef") is None:
            yield Fault(("spec", *path), RULE.id, "this entry fetches nothing", "add `extract`, `find` or `sourceRef`")
        elif len(said) > 1:
            message = f"{' and '.join(code(name) for name in said)} cannot be in one entry"
            yield Fault(("spec", *path), RULE.id, message, "make two entries of it")


def _twice(spec: Body) -> Iterator[Fault]:
    # The webhook refuses it where the Secret is kept, which the CRD's default may or may not say.
    severity: Severity = "error" if text_at(spec, "target", "deletionPolicy") == KEPT else "warning"
    seen: set[str] = set()
    for path, one in maps_at(spec, "data"):
        key = text_at(one, "secretKey")
        if key and key in seen:
            message = f"{code(key)} is fetched twice"
            yield Fault(
                ("spec", *path, "secretKey"), RULE.id, message, "remove one of the two, or rename its key", severity
            )
        seen.add(key)
