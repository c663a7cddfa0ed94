"""A canary is what it stands beside."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="same-canary",
    title="A canary is what it stands beside",
    why="It would show nothing: its requests get the answers that they would have got anyway.",
    bad="model: {data: models, name: churn, version: 42}\ncanary: {version: 42, weight: 10}",
    good="model: {data: models, name: churn, version: 42}\ncanary: {version: 43, weight: 10}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """An error where the canary names nothing; a warning where it names the same: a release may have made it so."""
    canary, model = workload.spec.get("canary"), workload.spec.get("model")
    if canary is None:
        return
    if "version" not in canary and "image" not in canary:
        what = "`version`" if model is not None else "`image`"
        message = f"the canary of `{workload.name}` is what it stands beside: it names no version and no image"
        yield Problem(RULE.id, canary.span, message, f"add the {what} that it tries")
        return
    stable = {"version": model.get("version") if model is not None else None}
    stable["image"] = workload.spec.get("image") or workload.image
    named = {key: node for key in ("version", "image") if (node := canary.get(key)) is not None}
    if all((other := stable[key]) is not None and said(other) == said(node) for key, node in named.items()):
        first = next(iter(named))
        message = f"the canary of `{workload.name}` has the same {first} as the rest, `{said(named[first])}`"
        hint = "is it promoted? then take `canary` away"
        place = ((other.span, "the rest"),) if (other := stable[first]) is not None else ()
        yield Problem(RULE.id, named[first].span, message, hint, "warning", place)
