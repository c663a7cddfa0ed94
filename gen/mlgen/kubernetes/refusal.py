"""What a schema refused in an object, in its surroundings -> the faults that say so, in our words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlgen.faults.case import code
from mlgen.faults.values import expected
from mlgen.kubernetes import bundle
from mlgen.node import Json, Path
from mlgen.problem import Fault
from mlgen.suggest import did_you_mean

FEW = 8
INT32 = 2**31 - 1
TYPES = {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
UNITS: Mapping[type, str] = {str: "character", list: "item", dict: "entry"}
# What two shapes are for: their types alone ("text or a number") would say too little.
PURPOSES = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "a quantity such as `500m` or `2Gi`",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "a whole number, or text such as `25%`",
}


class Refusal(NamedTuple):
    """``keyword``, at ``shape_path`` of ``schema``, refuses ``value``, which is at ``path`` of an object.

    ``unexpected`` are the fields that no schema knows, ``missing`` is the one that it requires.
    """

    path: Path
    value: object
    keyword: str
    shape_path: tuple[str | int, ...]
    schema: Mapping[str, Any]
    api_version: str
    kind: str
    minor: str
    unexpected: tuple[str, ...] = ()
    missing: str = ""

    @property
    def shape(self) -> Mapping[str, Any]:
        """The shape whose keyword refuses the value."""
        shape: Any = self.schema
        for step in self.shape_path[:-1]:
            shape = shape[step]
        return shape if isinstance(shape, Mapping) else {}

    @property
    def definition(self) -> str:
        """The name of the definition that the shape is part of: io.k8s.api.apps.v1.DeploymentSpec, HTTPRouteSpec."""
        return str(self.shape_path[1])

    @property
    def owner(self) -> str:
        """What messages call that definition: DeploymentSpec."""
        return self.definition.rpartition(".")[2]

    @property
    def ours(self) -> bool:
        """Whether it is one of the API server's own rules that refused: the definitions `mlgen.<name>`."""
        return self.definition.startswith("mlgen.")

    @property
    def native(self) -> bool:
        """Whether the definition is Kubernetes' own. Those of custom resources are mlgen's."""
        return self.definition.startswith("io.k8s.")


def faults(refusal: Refusal) -> Iterator[Fault]:
    """Everything to be said about one refusal. Raises KeyError for a keyword that the shipped schemas do not have."""
    return KEYWORDS[refusal.keyword](refusal)


def wrong_type(path: Path, value: Json, wanted: str, mend: str) -> Fault:
    """The fault of a value that is something else than ``wanted``."""
    return Fault(path, "kubernetes-wrong-type", f"{label(path)} must be {wanted}, not {_shown(value)}", mend)


def _unknown(refusal: Refusal) -> Iterator[Fault]:
    api = f"Kubernetes {refusal.minor}" if refusal.native else code(refusal.api_version)
    for field in sorted(refusal.unexpected):
        path = (*refusal.path, field)
        message = f"{label(path)} is not a field of {refusal.owner} in {api}"
        yield Fault(path, "kubernetes-unknown-field", message, _known(refusal, field))


def _known(refusal: Refusal, field: str) -> str:
    """Where the field is known, or which one was meant."""
    elsewhere = bundle.in_words(bundle.minors_knowing(refusal.definition, field) if refusal.native else ())
    if elsewhere:
        return f"it is a field in Kubernetes {elsewhere}"
    where = ".".join([refusal.kind.lower(), *(step for step in refusal.path if isinstance(step, str))])
    return did_you_mean(field, refusal.shape.get("properties", ())) or f"`kubectl explain {where}` lists the fields"


def _missing(refusal: Refusal) -> Iterator[Fault]:
    wanted = _wanted(refusal.shape["properties"][refusal.missing], refusal.schema)
    message = f"{label((*refusal.path, refusal.missing))} is missing"
    yield Fault(refusal.path, "kubernetes-missing-field", message, f"{refusal.owner} requires it: {wanted}")


def _mistyped(refusal: Refusal) -> Iterator[Fault]:
    wanted = PURPOSES.get(refusal.definition) or _wanted(refusal.shape, refusal.schema)
    message = f"{label(refusal.path)} must be {wanted}, not {_shown(refusal.value, hidden=refusal.kind == 'Secret')}"
    yield Fault(refusal.path, "kubernetes-wrong-type", message, _mended(refusal))


def _unlisted(refusal: Refusal) -> Iterator[Fault]:
    value, named = refusal.value, refusal.shape["type"]
    if _type(value) in ({named} if isinstance(named, str) else named):  # else its type is the fault
        written = value if isinstance(value, str) else "null" if value is None else ""  # no number is like another
        meant = did_you_mean(written, [str(option) for option in refusal.shape["enum"]])
        yield Fault(refusal.path, "kubernetes-wrong-value", f"{label(refusal.path)} cannot be {code(value)}", meant)


def _malformed(refusal: Refusal) -> Iterator[Fault]:
    if refusal.value or not refusal.shape.get("minLength"):  # what is empty is told so, and that once
        said = f": {refusal.shape['x-message']}" if "x-message" in refusal.shape else ""
        message = f"{label(refusal.path)} cannot be {code(refusal.value)}{said}"
        yield Fault(refusal.path, "kubernetes-wrong-value", message)


def _out_of_range(refusal: Refusal) -> Iterator[Fault]:
    rule = "number-out-of-range" if refusal.native else "kubernetes-wrong-value"  # theirs: what 32 or 64 bits hold
    yield Fault(refusal.path, rule, out_of_range(refusal))


def out_of_range(refusal: Refusal) -> str:
    """The message about a number that is too small or too large."""
    least, most = refusal.shape.get("minimum"), refusal.shape.get("maximum")
    if least in (0, 1) and most == INT32 and refusal.keyword == "minimum":
        most = None  # what any number has to keep says little about this one
    bounds = f"at least {least}" if most is None else f"at most {most}" if least is None else f"from {least} to {most}"
    return f"{label(refusal.path)} must be {bounds}, not {code(refusal.value)}"


def _wrong_size(refusal: Refusal) -> Iterator[Fault]:
    value = refusal.value if isinstance(refusal.value, (str, list, dict)) else ""
    unit, limit = UNITS[type(value)], refusal.shape[refusal.keyword]
    least = refusal.keyword.startswith("min")
    if least and not value:
        message, mend = f"{label(refusal.path)} is empty", f"it needs at least {counted(limit, unit)}"
    else:
        bound = f"at least {limit} are needed" if least else f"at most {limit} are allowed"
        message, mend = f"{label(refusal.path)} has {counted(len(value), unit)}; {bound}", ""
    yield Fault(refusal.path, "kubernetes-wrong-value", message, mend)


# Every keyword of the shipped schemas that can refuse; tests see to it that they have no other.
KEYWORDS = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _mistyped,
    "oneOf": _mistyped,
    "enum": _unlisted,
    "pattern": _malformed,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "minLength": _wrong_size,
    "maxLength": _wrong_size,
    "minItems": _wrong_size,
    "maxItems": _wrong_size,
    "minProperties": _wrong_size,
    "maxProperties": _wrong_size,
}


def counted(number: int, unit: str) -> str:
    """ "1 item", "2 items"."""
    several = "entries" if unit == "entry" else f"{unit}s"
    return f"{number} {unit if number == 1 else several}"


def _type(value: object) -> str:
    """The type that a schema sees in ``value``: to it, 1.0 is a whole number."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return TYPES[type(value)]


def _types(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """The JSON types that a shape takes, but for null: Kubernetes' way to say that a field may be left out."""
    if "$ref" in shape:
        return _types(schema["$defs"][shape["$ref"].rpartition("/")[2]], schema)
    named = shape.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    return types.union(*(_types(branch, schema) for branch in shape.get("oneOf", ()))) - {"null"}


def _wanted(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    purpose = PURPOSES.get(str(shape.get("$ref", "")).rpartition("/")[2])
    types = _types(shape, schema)
    return purpose or (expected(types) if types else "anything")


def _mended(refusal: Refusal) -> str:
    types, value = _types(refusal.shape, refusal.schema), refusal.value
    if value is None:
        return "leave it out, or give it a value"
    if types == {"string"}:
        return "write it in quotes" if isinstance(value, (bool, int, float)) else ""
    if types == {"array"}:
        return "write a list, even of one item"
    if isinstance(value, str) and _unquoted(value) in types:
        return "write it without quotes"
    fields = list(refusal.shape.get("properties", ()))
    if types == {"object"} and not fields:
        return "write a map, `name: value`"
    return f"its fields are {', '.join(fields)}" if 0 < len(fields) <= FEW else ""


def _unquoted(text: str) -> str:
    """The type that text would have without its quotes; empty if it would stay text."""
    if re.fullmatch("-?(0|[1-9][0-9]*)", text):
        return "integer"
    return "boolean" if text in {"true", "false"} else ""


def label(path: Path) -> str:
    """A place as messages name it."""
    return code(".".join(map(str, path)))


def _shown(value: object, *, hidden: bool = False) -> str:
    """A value as messages show it; of a Secret's values only what they are."""
    if value is None or isinstance(value, (dict, list)):
        return "null" if value is None else "a map" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "a truth value" if hidden else code(value)
    if isinstance(value, str):
        return "text" if hidden else f"the text {code(value)}"
    return "a number" if hidden else f"the number {code(value)}"
