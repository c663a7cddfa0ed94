"""What a webhook is called for, and where, in a way that cannot be."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="webhook-rule",
    title="A webhook's or admission policy's rule that cannot be",
    why="The API server refuses the configuration. `*` stands for all and so stands alone, and a webhook is called "
    "by its service or by an https URL.",
    bad="rules: [{operations: [CREATE, '*'], ...}]",
    good="rules: [{operations: ['*'], ...}]",
    source="kubernetes/pkg/apis/admissionregistration/validation: validateRuleWithOperations, validateWebhook",
)
WILD = ("operations", "apiGroups", "apiVersions")


def check(body: Body) -> Iterator[Fault]:
    """Every rule of every webhook, or of a policy."""
    for where, hook in maps_at(body, "webhooks"):
        yield from _client((*where, "clientConfig"), map_at(hook, "clientConfig"))
        name = text_at(hook, "name")
        if name and name.count(".") < 2:
            message = f"{code(name)} has not three labels"
            yield Fault((*where, "name"), RULE.id, message, "write a domain name: `jobs.ml.example.com`")
        for inner, rule in maps_at(hook, "rules"):
            yield from _rule((*where, *inner), rule)
    for field in ("resourceRules", "excludeResourceRules"):
        for where, rule in maps_at(body, "spec", "matchConstraints", field):
            yield from _rule(where, rule)
        for where, rule in maps_at(body, "spec", "matchResources", field):
            yield from _rule(where, rule)


def _rule(path: Path, rule: Body) -> Iterator[Fault]:
    for field in WILD:
        values = list_at(rule, field)
        if "*" in values and len(values) > 1:
            yield Fault((*path, field), RULE.id, "`*` stands for all, and so stands alone", "take the others away")
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


def _client(path: Path, client: Body) -> Iterator[Fault]:
    url = text_at(client, "url")
    if url and client.get("service") is not None:
        yield Fault((*path, "url"), RULE.id, "a webhook has a URL or a service", "take one of the two away")
    elif url and not url.startswith("https://"):
        yield Fault((*path, "url"), RULE.id, f"{code(url)} is not https", "the API server calls https only")
    elif any(mark in url for mark in "?#@"):
        message = "the URL of a webhook has no user, query or fragment"
        yield Fault((*path, "url"), RULE.id, message, "take it away")
    elif "clientConfig" in path and not url and client.get("service") is None and client:
        yield Fault(path, RULE.id, "a webhook needs a URL or a service", "add one")
