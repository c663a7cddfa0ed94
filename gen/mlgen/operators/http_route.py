"""A route that the Gateway API's own rules refuse."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="http-route",
    title="A route that the Gateway API's own rules refuse",
    why="The CRD's rules refuse it: a filter says what it does under the name of its type, a redirect goes to no "
    "backend, a Service has a port.",
    bad="backendRefs: [{name: serve}]",
    good="backendRefs: [{name: serve, port: 80}]",
    source="kubernetes-sigs/gateway-api v1.5, apis/v1/httproute_types.go: XValidation rules",
)
FILTERS: Mapping[str, str] = {
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
    "RequestMirror": "requestMirror",
    "RequestRedirect": "requestRedirect",
    "URLRewrite": "urlRewrite",
    "ExtensionRef": "extensionRef",
    "CORS": "cors",
}
REPEATED = ("ExtensionRef", "RequestMirror")
PATHS = {"ReplaceFullPath": "replaceFullPath", "ReplacePrefixMatch": "replacePrefixMatch"}
NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F", "#")
NO_ENDS = ("/..", "/.")
PREFIX = "PathPrefix"
MOST_MATCHES = 128


def check(body: Body) -> Iterator[Fault]:
    """Each rule of the route."""
    matches = 0
    for path, rule in maps_at(body, "spec", "rules"):
        matches += len(list_at(rule, "matches")) or 1
        yield from _matches(rule, path)
        yield from _filters(rule, path, rule)
        filters = [text_at(one, "type") for _, one in maps_at(rule, "filters")]
        if "RequestRedirect" in filters and list_at(rule, "backendRefs"):
            message = "a redirect goes to no backend"
            yield Fault((*path, "backendRefs"), RULE.id, message, "remove the backends, or the filter")
        for where, backend in maps_at(rule, "backendRefs"):
            yield from _backend(backend, (*path, *where))
            yield from _filters(backend, (*path, *where), rule)
        yield from _times(rule, path)
    if matches > MOST_MATCHES:
        message = f"a route has at most {MOST_MATCHES} matches, and this one has {matches}"
        yield Fault(("spec", "rules"), RULE.id, message, "make two routes of it")


def _backend(backend: Body, path: Path) -> Iterator[Fault]:
    service = backend.get("kind", "Service") == "Service" and not backend.get("group")
    if service and backend.get("port") is None:
        yield Fault(path, RULE.id, "a Service needs a port here", "add `port: 80`")


def _matches(rule: Body, path: Path) -> Iterator[Fault]:
    for where, match in maps_at(rule, "matches"):
        said = map_at(match, "path")
        kind, value = said.get("type", PREFIX), said.get("value", "/")
        if kind not in ("Exact", PREFIX) or not isinstance(value, str):
            continue
        place = (*path, *where, "path", "value")
        if not value.startswith("/"):
            yield Fault(place, RULE.id, f"the path {code(value)} does not begin with `/`", f"write `/{value}`")
        wrong = [part for part in NOT_IN_PATHS if part in value] or [part for part in NO_ENDS if value.endswith(part)]
        if wrong:
            yield Fault(place, RULE.id, f"the path {code(value)} has {code(wrong[0])} in it", "write it without")


def _filters(owner: Body, path: Path, rule: Body) -> Iterator[Fault]:
    found = list(maps_at(owner, "filters"))
    types = [text_at(one, "type") for _, one in found]
    for number, (where, one) in enumerate(found):
        place, kind = (*path, *where), types[number]
        field = FILTERS.get(kind, "")
        others = [other for other in FILTERS.values() if field and other != field and other in one]
        if field and field not in one and not others:
            yield Fault(place, RULE.id, f"a filter of the type {code(kind)} needs {code(field)}", f"add `{field}`")
        for other in others:
            message = f"{code(other)} is not for a filter of the type {code(kind)}"
            yield Fault((*place, other), RULE.id, message, "remove it, or make another filter of it")
        if kind in FILTERS and kind not in REPEATED and kind in types[:number]:
            yield Fault((*place, "type"), RULE.id, f"there are two filters of the type {code(kind)}", "join the two")
        if kind == "URLRewrite" and "RequestRedirect" in types:
            message = "what is redirected cannot be rewritten as well"
            yield Fault((*place, "type"), RULE.id, message, "keep one of the two")
        yield from _filter(one, place, rule)


def _filter(one: Body, path: Path, rule: Body) -> Iterator[Fault]:
    mirror = map_at(one, "requestMirror")
    if mirror:
        if backend := map_at(mirror, "backendRef"):
            yield from _backend(backend, (*path, "requestMirror", "backendRef"))
        if "percent" in mirror and "fraction" in mirror:
            where = (*path, "requestMirror", "percent")
            yield Fault(where, RULE.id, "`percent` and `fraction` both say how much", "keep one of the two")
        top, bottom = number_at(mirror, "fraction", "numerator"), number_at(mirror, "fraction", "denominator")
        if top is not None and top > (100 if bottom is None else bottom):
            where = (*path, "requestMirror", "fraction", "numerator")
            yield Fault(where, RULE.id, "this is more than all requests", "write less than the denominator")
    for name in ("requestRedirect", "urlRewrite"):
        said, where = map_at(one, name, "path"), (*path, name, "path")
        kind = text_at(said, "type")
        wrong = [field for word, field in PATHS.items() if word != kind and kind in PATHS and field in said]
        for field in wrong:
            mend = f"write `{PATHS[kind]}`"
            yield Fault((*where, field), RULE.id, f"{code(field)} is not for the type {code(kind)}", mend)
        if kind in PATHS and PATHS[kind] not in said and not wrong:
            field = PATHS[kind]
            yield Fault(where, RULE.id, f"the type {code(kind)} needs {code(field)}", f"add `{field}: /`")
        kinds = [map_at(match, "path").get("type", PREFIX) for _, match in maps_at(rule, "matches")]
        if kind == "ReplacePrefixMatch" and "replacePrefixMatch" in said and kinds not in ([PREFIX], []):
            message = "a prefix is replaced in a rule with one match, and that of a `PathPrefix`"
            yield Fault((*where, "type"), RULE.id, message, "make a rule of its own of it")


def _times(rule: Body, path: Path) -> Iterator[Fault]:
    whole, one = (_seconds(text_at(rule, "timeouts", field)) for field in ("request", "backendRequest"))
    if whole and one and one > whole:
        where = (*path, "timeouts", "backendRequest")
        yield Fault(
            where, RULE.id, "a backend cannot have longer than the whole request", "lower it, or raise `request`"
        )


def _seconds(text: str) -> float:
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    total, number, unit = 0.0, "", ""
    for character in f"{text} ":
        if unit and not character.isalpha():
            total += int(number or 0) * units.get(unit, 0.0)
            number = unit = ""
        number, unit = (number, unit + character) if character.isalpha() else (number + character.strip(), unit)
    return total
