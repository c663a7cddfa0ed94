"""A webhook's or policy's rule that names a resource twice."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="webhook-rule",
    title="A webhook's or admission policy's rule names a resource that another of its names has in it",
    why="The API server refuses the configuration: `*` stands for all resources, `pods/*` for all of a pod's "
    "subresources, and `*/*` for everything.",
    bad="rules: [{resources: ['*', jobs], ...}]",
    good="rules: [{resources: ['*'], ...}]",
    source="kubernetes/pkg/apis/admissionregistration/validation: validateResources",
)


def check(body: Body) -> Iterator[Fault]:
    """Every rule of every webhook, or of a policy or its binding."""
    for where, hook in maps_at(body, "webhooks"):
        for inner, rule in maps_at(hook, "rules"):
            yield from _rule((*where, *inner), rule)
    for holder in ("matchConstraints", "matchResources"):
        for field in ("resourceRules", "excludeResourceRules"):
            for where, rule in maps_at(body, "spec", holder, field):
                yield from _rule(where, rule)


def _rule(path: Path, rule: Body) -> Iterator[Fault]:
    resources = list_at(rule, "resources")
    for index, one in enumerate(resources):
        if wider := _wider(one, resources):
            message = f"{code(one)} is part of {code(wider)}"
            yield Fault((*path, "resources", index), RULE.id, message, "keep one of the two")


def _wider(resource: Json, others: list[Json]) -> str:
    """Which of ``others`` has ``resource`` in it: `*` all but subresources, `*/*` those too, `pods/*` those of pods."""
    if not isinstance(resource, str):
        return ""
    name, slash, below = resource.partition("/")
    candidates = ["*/*"]
    if slash:
        candidates += [f"{name}/*"] if below != "*" else []
        candidates += [f"*/{below}"] if name != "*" else []
    else:
        candidates += ["*"]
    return next((one for one in candidates if one != resource and one in others), "")
