"""A structural schema of a CustomResourceDefinition -> a closed JSON Schema: what the API server prunes is refused.

Beside JSON Schema's own keywords a shape may have `default`, `x-list` (`set`, or the keys of a map) and `x-rules`
(the CEL rules). Source: apiextensions-apiserver/pkg/apiserver/schema and its packages pruning, defaulting, listtype
and objectmeta; https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/.
"""

from mlgen.body import Body, list_at, map_at
from mlgen.crd import formats
from mlgen.crd.walk import Shape
from mlgen.kubernetes.custom import META
from mlgen.node import Json

COPIED = (
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
)
INTEGERS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
METADATA: Shape = {"$ref": f"#/$defs/{META}"}
RULE = ("rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf")
LISTS = ("allOf", "anyOf", "oneOf")


def closed(shape: Json) -> Shape:
    """A shape below the root, closed wherever it does not preserve what it does not know."""
    body = map_at(shape)
    found = _values(body) | _type(body) | _bounds(body)
    if (fields := map_at(body, "properties")) or body.get("type") == "object":
        found["properties"] = {name: closed(field) for name, field in fields.items()}
    if isinstance(items := body.get("items"), dict):
        found["items"] = closed(items)
    if isinstance(others := body.get("additionalProperties"), dict):
        found["additionalProperties"] = closed(others)
    elif others is not True and body.get("x-kubernetes-preserve-unknown-fields") is not True and "properties" in found:
        found["additionalProperties"] = False
    if body.get("x-kubernetes-embedded-resource") is True:
        found = _embedded(found)
    return found | _kept(body)


def root(shape: Json, *, status: bool) -> Shape:
    """The whole object. ``status`` tells whether that is a subresource: then it is not what a user writes."""
    found = closed(shape)
    named = map_at(shape, "properties", "metadata", "properties")
    limits = {key: _values(map_at(named, key)) for key in ("name", "generateName") if key in named}
    fields = {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {**METADATA, "properties": limits} if limits else METADATA,
    }
    fields |= {name: field for name, field in found.get("properties", {}).items() if name not in fields}
    if status and "status" in fields:
        fields["status"] = {}
    return {**found, "properties": fields}


def _values(body: Body) -> Shape:
    """What limits values and says nothing of their structure."""
    found: Shape = {key: body[key] for key in COPIED if key in body and body[key] not in (None, [])}
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if body.get(exclusive) is True and limit in found:
            found[exclusive] = found.pop(limit)
    if body.get("type", "string") == "string" and (name := formats.known(str(body.get("format", "")))):
        found["format"] = name
    for key in LISTS:
        if branches := [_logical(one) for one in list_at(body, key) if not _says_int_or_string(one)]:
            found[key] = branches
    if isinstance(body.get("not"), dict):
        found["not"] = _logical(body["not"])
    return found


def _logical(shape: Json) -> Shape:
    """A shape under `anyOf` and its like: it has values only, at any depth."""
    body = map_at(shape)
    found = _values(body)
    if fields := map_at(body, "properties"):
        found["properties"] = {name: _logical(field) for name, field in fields.items()}
    for key in ("items", "additionalProperties"):
        if isinstance(body.get(key), dict):
            found[key] = _logical(body[key])
    return found


def _says_int_or_string(shape: Json) -> bool:
    """The only types that may stand under `anyOf`: `x-kubernetes-int-or-string` has said them."""
    said = map_at(shape)
    inner = [map_at(one).get("type") for one in list_at(said, "anyOf")]
    return set(said) == {"type"} or (set(said) == {"anyOf"} and sorted(map(str, inner)) == ["integer", "string"])


def _type(body: Body) -> Shape:
    named = ["integer", "string"] if body.get("x-kubernetes-int-or-string") is True else [body.get("type")]
    types = [one for one in named if isinstance(one, str)]
    if not types:
        return {}
    nullable = ["null"] if body.get("nullable") is True else []
    return {"type": types[0] if len(types) == 1 and not nullable else [*types, *nullable]}


def _bounds(body: Body) -> Shape:
    """The bounds of a whole number's format, where the schema has none that are narrower."""
    if body.get("type") != "integer":
        return {}
    least, most = INTEGERS.get(str(body.get("format")), INTEGERS["int64"])
    found = {}
    if "minimum" not in body or (isinstance(said := body["minimum"], (int, float)) and said < least):
        found["minimum"] = least
    if "maximum" not in body or (isinstance(said := body["maximum"], (int, float)) and said > most):
        found["maximum"] = most
    return found


def _embedded(shape: Shape) -> Shape:
    """Another object inside: it says its apiVersion and kind."""
    text = {"type": "string", "minLength": 1}
    fields = {"apiVersion": text, "kind": text, "metadata": METADATA}
    needed = [
        *shape.get("required", []),
        *(key for key in ("apiVersion", "kind") if key not in shape.get("required", [])),
    ]
    return {**shape, "properties": {**shape.get("properties", {}), **fields}, "required": needed}


def _kept(body: Body) -> Shape:
    """What JSON Schema does not know and mlgen checks by itself."""
    found: Shape = {}
    if body.get("default") is not None:
        found["default"] = body["default"]
    if (sort := body.get("x-kubernetes-list-type")) == "set":
        found["x-list"] = "set"
    elif sort == "map":
        found["x-list"] = list_at(body, "x-kubernetes-list-map-keys")
    if rules := [map_at(rule) for rule in list_at(body, "x-kubernetes-validations")]:
        found["x-rules"] = [{key: rule[key] for key in RULE if key in rule} for rule in rules]
    return found
