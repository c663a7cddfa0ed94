"""What an imported schema refuses in an object -> faults, in our words."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind

from mlgen.crd import walk
from mlgen.crd.walk import Shape
from mlgen.faults.case import code
from mlgen.faults.values import expected
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.suggest import did_you_mean

UNKNOWN, MISSING = "kubernetes-unknown-field", "kubernetes-missing-field"
TYPE, VALUE = "kubernetes-wrong-type", "kubernetes-wrong-value"
FEW = 8
BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}
UNITS = {"Length": "character", "Items": "item", "Properties": "entry"}


def faults(error: ValidationError, schema: Mapping[str, Any], named: str) -> Iterator[Fault]:
    """Everything to be said about one error; ``named`` is what the object is, "ray.io/v1 RayJob"."""
    path: Path = tuple(error.instance_path)
    shape = _shape(schema, tuple(error.schema_path)[:-1])
    match error.kind:
        case ValidationErrorKind.AdditionalProperties(unexpected):
            yield from (_unknown((*path, field), shape, named) for field in sorted(unexpected))
        case ValidationErrorKind.Required(field):
            message = f"{_label((*path, field))} is missing"
            yield Fault(path, MISSING, message, f"the CRD of {code(named)} requires it{_wanted(shape, field, schema)}")
        case ValidationErrorKind.Type(types):
            yield _mistyped(path, error.instance, types)
        case (
            ValidationErrorKind.AnyOf(_)
            | ValidationErrorKind.OneOfNotValid(_)
            | ValidationErrorKind.OneOfMultipleValid(_)
        ):
            yield _combination(path, shape.get(error.kind.name, []), error.kind.name)
        case ValidationErrorKind.Not(_):
            yield _forbidden(path, shape.get("not"))
        case _:
            yield _limited(path, error, shape)


def _shape(schema: Any, steps: Path) -> Shape:
    for step in steps:
        schema = schema[step]
    return schema if isinstance(schema, dict) else {}


def _unknown(path: Path, shape: Shape, named: str) -> Fault:
    meant = did_you_mean(str(path[-1]), shape.get("properties", ()))
    where = ".".join([named.rpartition(" ")[2].lower(), *(str(step) for step in path[:-1] if isinstance(step, str))])
    help_ = meant or f"`kubectl explain {where}` lists the fields"
    return Fault(path, UNKNOWN, f"{_label(path)} is not a field of {code(named)}", help_)


def _wanted(shape: Shape, field: str, schema: Mapping[str, Any]) -> str:
    types = walk.full(shape.get("properties", {}).get(field, {}), schema["$defs"]).get("type", [])
    known = {types} if isinstance(types, str) else set(types)
    return f": {expected(known - {'null'})}" if known - {"null"} else ""


def _mistyped(path: Path, value: Any, types: list[str]) -> Fault:
    wanted = expected(set(types) - {"null"})
    text = isinstance(value, (bool, int, float)) and "string" in types
    mend = "write it in quotes" if text else "write a list, even of one item" if "array" in types else ""
    if isinstance(value, str) and {"integer", "number", "boolean"} & set(types):
        mend = "write it without quotes"
    return Fault(path, TYPE, f"{_label(path)} must be {wanted}, not {_shown(value)}", mend)


def _combination(path: Path, branches: list[Shape], keyword: str) -> Fault:
    """None of several forms, or more than one of them where one is meant."""
    fields = [tuple(branch.get("required", ())) for branch in branches]
    if all(len(names) == 1 and set(branch) == {"required"} for names, branch in zip(fields, branches, strict=True)):
        several = "one" if keyword == "anyOf" else "exactly one"
        return Fault(path, VALUE, f"{_place(path)} needs {several} of {', '.join(code(names[0]) for names in fields)}")
    message = f"{_place(path)} has none of the forms that the CRD allows"
    if keyword == "oneOf":
        message = f"{_place(path)} must have exactly one of the forms that the CRD allows"
    fields_said = sorted({name for names in fields for name in names})
    return Fault(path, VALUE, message, f"they differ in {', '.join(map(code, fields_said))}" if fields_said else "")


def _forbidden(path: Path, shape: Any) -> Fault:
    fields = shape.get("required", []) if isinstance(shape, dict) else []
    together = f": {' and '.join(map(code, fields))} cannot stand there together" if len(fields) > 1 else ""
    alone = f": {code(fields[0])} cannot stand there" if len(fields) == 1 else ""
    return Fault(path, VALUE, f"{_place(path)} has a form that the CRD forbids{together or alone}")


def _limited(path: Path, error: ValidationError, shape: Shape) -> Fault:
    keyword, value, limit = error.kind.name, error.instance, shape.get(error.kind.name)
    shown = _shown(value) if isinstance(value, (dict, list)) else code(value)
    if keyword == "enum":
        options = [str(option) for option in limit or []]
        listed = f"write one of {', '.join(map(code, options))}" if len(options) <= FEW else ""
        meant = did_you_mean(value, options) if isinstance(value, str) else ""
        return Fault(path, VALUE, f"{_label(path)} cannot be {shown}", meant or listed)
    if keyword in BOUNDS:
        return Fault(path, VALUE, f"{_label(path)} must be {BOUNDS[keyword]} {limit}, not {shown}")
    if keyword == "pattern":
        return Fault(path, VALUE, f"{_label(path)} cannot be {shown}", f"the CRD wants what matches {code(limit, 200)}")
    if keyword == "format":
        return Fault(path, VALUE, f"{_label(path)} cannot be {shown}", f"the CRD wants the format {code(limit)}")
    unit = UNITS.get(keyword.removeprefix("min").removeprefix("max"))
    if unit is None or not isinstance(value, (str, list, dict)):
        return Fault(path, VALUE, f"{_label(path)} cannot be {shown}")
    bound = "at least" if keyword.startswith("min") else "at most"
    message = f"{_label(path)} has {_counted(len(value), unit)}; the CRD wants {bound} {limit}"
    return Fault(path, VALUE, message)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit.replace('entry', 'entrie')}s"


def _label(path: Path) -> str:
    return code(".".join(map(str, path)))


def _place(path: Path) -> str:
    return _label(path) if path else "the object"


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, (dict, list)):
        return "a map" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return f"the text {code(value)}"
    return code(value) if isinstance(value, bool) else f"the number {code(value)}"
