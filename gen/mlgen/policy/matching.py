"""Match constraints of a policy or a binding, and an object -> whether it is meant.

Source: apiserver/pkg/admission/plugin/policy/internal/generic and webhook/predicates/rules; apimachinery's selectors.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, text_at
from mlgen.node import Json
from mlgen.policy.naming import Named

NAME_LABEL = "kubernetes.io/metadata.name"  # every namespace has it


class Request(NamedTuple):
    """What would be asked of the API server. ``namespace`` is the Namespace where it is built; None where it is not."""

    body: Body
    named: Named
    operation: str
    namespace: Body | None

    @property
    def name(self) -> str:
        """The object's name."""
        return text_at(self.body, "metadata", "name")

    @property
    def namespace_name(self) -> str:
        """The namespace that the object goes to; empty if it is in none."""
        own = self.named.kind == "Namespace" and self.named.group == ""
        return self.name if own else text_at(self.body, "metadata", "namespace") if self.named.namespaced else ""


def matches(constraints: Body, request: Request) -> bool | None:
    """Whether ``constraints`` mean the object; None if only the cluster knows, for the namespace is built elsewhere."""
    rules = list_at(constraints, "resourceRules")
    if rules and not any(_rule(map_at(rule), request, constraints) for rule in rules):
        return False
    if any(_rule(map_at(rule), request, constraints) for rule in list_at(constraints, "excludeResourceRules")):
        return False
    if not selects(map_at(constraints, "objectSelector"), map_at(request.body, "metadata", "labels")):
        return False
    return _in_namespace(map_at(constraints, "namespaceSelector"), request)


def _rule(rule: Body, request: Request, constraints: Body) -> bool:
    """Versions are the same to a policy that takes equivalent ones, which is what it does unless it says otherwise."""
    named = request.named
    exact = constraints.get("matchPolicy") == "Exact"
    names = list_at(rule, "resourceNames")
    scope = rule.get("scope") or "*"
    in_scope = scope == "*" or (scope == "Namespaced") is (named.namespaced and named.kind != "Namespace")
    return (
        _has(list_at(rule, "operations"), request.operation)
        and _has(list_at(rule, "apiGroups"), named.group)
        and (_has(list_at(rule, "apiVersions"), named.version) or not exact)
        and any(_resource(str(one), named.resource) for one in list_at(rule, "resources"))
        and (not names or request.name in names)
        and in_scope
    )


def _has(words: Sequence[Json], wanted: str) -> bool:
    return "*" in words or wanted in words


def _resource(pattern: str, resource: str) -> bool:
    """An object itself is no subresource: `pods/status` is another request."""
    own, _, sub = pattern.partition("/")
    return own in ("*", resource) and sub in ("", "*")


def _in_namespace(selector: Body, request: Request) -> bool | None:
    if not selector or not request.namespace_name:
        return True
    labels = {NAME_LABEL: request.namespace_name}
    if request.namespace is not None:
        return selects(selector, labels | map_at(request.namespace, "metadata", "labels"))
    asked = {text_at(map_at(one), "key") for one in list_at(selector, "matchExpressions")}
    by_name = (asked | set(map_at(selector, "matchLabels"))) <= {NAME_LABEL}
    return selects(selector, labels) if by_name else None


def selects(selector: Body, labels: Mapping[str, Json]) -> bool:
    """Whether a label selector means what has ``labels``; an empty one means everything."""
    equal = all(labels.get(key) == value for key, value in map_at(selector, "matchLabels").items())
    return equal and all(_expression(map_at(one), labels) for one in list_at(selector, "matchExpressions"))


def _expression(one: Body, labels: Mapping[str, Json]) -> bool:
    key, values = text_at(one, "key"), list_at(one, "values")
    match one.get("operator"):
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False
