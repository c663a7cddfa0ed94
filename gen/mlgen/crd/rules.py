"""The CEL rules of a custom resource's schema (`x-kubernetes-validations`) -> what an object has against them.

Source: apiextensions-apiserver/pkg/apiserver/schema/cel; https://kubernetes.io/docs/tasks/extend-kubernetes/
custom-resources/custom-resource-definitions/#validation-rules.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlgen import cel
from mlgen.crd import walk
from mlgen.crd.walk import Shape
from mlgen.node import Key, Path

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ESCAPES = (("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__"))
RESERVED = frozenset(
    "true false null in as break const continue else for function if import let loop package namespace return var"
    " void while".split()
)
OLD = re.compile(r"\boldSelf\b")
TIMES = frozenset(("datetime", "date", "duration"))
STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\['((?:[^'\\]|\\.)*)'\]")
NOTHING = object()


class Broken(NamedTuple):
    """A rule that the value at ``path`` breaks. Without a ``message`` only the expression says what is asked for."""

    path: Path
    expression: str
    message: str


class Unknown(NamedTuple):
    """A rule that could not be evaluated, and why."""

    path: Path
    expression: str
    why: str


def judged(whole: Any, schema: Shape, definitions: Shape, before: Any = NOTHING) -> Iterator[Broken | Unknown]:
    """Every rule that ``whole``, complete with defaults, breaks, and those that nobody can tell.

    Rules about a change are asked only where there is a ``before``.
    """
    found: list[Broken | Unknown] = []
    _visit(whole, before, schema, (), _Visit(definitions, found))
    yield from found


class _Visit(NamedTuple):
    definitions: Shape
    found: list[Broken | Unknown]


def _visit(value: Any, before: Any, shape: Shape, path: Path, visit: _Visit) -> Any:
    """The value as CEL has it, once its rules and those of all that is in it are asked."""
    typed = _scalar(value, shape)
    old = before if before is NOTHING else _typed(before, shape, visit.definitions)
    if isinstance(value, dict):
        typed = {_escaped(key, shape): one for key, one in value.items()}
        for key, one, known in walk.inner(value, shape, visit.definitions):
            earlier = before.get(key, NOTHING) if isinstance(before, dict) else NOTHING
            typed[_escaped(key, shape)] = _visit(one, earlier, known, (*path, key), visit)
    elif isinstance(value, list):
        seen = {
            key: _visit(one, _counterpart(one, before, shape), known, (*path, key), visit)
            for key, one, known in walk.inner(value, shape, visit.definitions)
        }
        typed = [seen.get(index, one) for index, one in enumerate(value)]
        if shape.get("x-list") and isinstance(before, list):
            old = _in_order_of(value, before, old, shape)
    for rule in shape.get("x-rules", ()):
        visit.found.extend(_asked(rule, typed, old, path, value))
    return typed


def _asked(rule: Mapping[str, Any], self: Any, old: Any, path: Path, value: Any) -> Iterator[Broken | Unknown]:
    text = str(rule.get("rule", ""))
    data = {"self": self}
    if OLD.search(text) or OLD.search(str(rule.get("messageExpression", ""))):
        if rule.get("optionalOldSelf") is True:
            held = "optional.none()" if old is NOTHING else "optional.of(oldValue)"
            text = f"cel.bind(oldSelf, {held}, {text})"
            data["oldValue"] = None if old is NOTHING else old
        elif old is NOTHING:
            return
        else:
            data["oldSelf"] = old
    try:
        if cel.program(text, tuple(data)).value(data) is not True:
            yield Broken(_told_at(rule, path, value), str(rule.get("rule", "")), _message(rule, data))
    except cel.FailedError as error:
        yield Broken(path, str(rule.get("rule", "")), f"a rule ends with an error: {error}")
    except (cel.UnevaluableError, cel.MalformedError) as error:
        yield Unknown(path, str(rule.get("rule", "")), str(error))


def _message(rule: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """What the rule's author wants to be said."""
    expression = rule.get("messageExpression")
    if isinstance(expression, str):
        try:
            said = cel.program(expression, tuple(data)).value(data)
        except (cel.FailedError, cel.UnevaluableError, cel.MalformedError):
            said = ""
        if isinstance(said, str) and said.strip() and "\n" not in said:
            return said.strip()
    return str(rule.get("message", "")).strip()


def _told_at(rule: Mapping[str, Any], path: Path, value: Any) -> Path:
    """The field that `fieldPath` names, as far as it is there."""
    for found in STEP.finditer(str(rule.get("fieldPath", ""))):
        key = found[1] or found[2]
        if not isinstance(value, dict) or key not in value:
            break
        path, value = (*path, key), value[key]
    return path


def _typed(value: Any, shape: Shape, definitions: Shape) -> Any:
    """A value as CEL has it."""
    if isinstance(value, dict):
        known = {key: _typed(one, inner, definitions) for key, one, inner in walk.inner(value, shape, definitions)}
        return {_escaped(key, shape): known.get(key, one) for key, one in value.items()}
    if isinstance(value, list):
        items = {key: _typed(one, inner, definitions) for key, one, inner in walk.inner(value, shape, definitions)}
        return [items.get(index, one) for index, one in enumerate(value)]
    return _scalar(value, shape)


def _scalar(value: Any, shape: Shape) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if shape.get("type") in ("number", ["number", "null"]) else _whole(value)
    if isinstance(value, str) and "format" in shape:
        return _formatted(value, shape["format"])
    return value


def _whole(value: float) -> float:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _formatted(value: str, form: str) -> Any:
    """Text that CEL has as bytes, a time or a duration. The latter two cannot be handed to the library inside of data:
    as a list each is equal to itself, and whatever else a rule does with it cannot be evaluated, and says so."""
    if form == "byte":
        return base64.b64decode(value)
    return [form, value] if form in TIMES else value


def _escaped(key: Any, shape: Shape) -> Any:
    """A field's name as expressions have it; the keys of a map stay as they are."""
    if key not in shape.get("properties", walk.EMPTY) or (PLAIN.fullmatch(key) and "__" not in key):
        return f"__{key}__" if key in RESERVED and key in shape.get("properties", walk.EMPTY) else key
    for one, other in ESCAPES:
        key = key.replace(one, other)
    return key


def _counterpart(item: Any, before: Any, shape: Shape) -> Any:
    """The item of a map-like list that was there under the same keys. Other lists have none: source as above."""
    keys = shape.get("x-list")
    if isinstance(keys, list) and isinstance(before, list) and isinstance(item, dict):
        wanted = [item.get(key) for key in keys]
        return next((one for one in before if isinstance(one, dict) and [one.get(k) for k in keys] == wanted), NOTHING)
    return NOTHING


def _in_order_of(value: list[Any], before: list[Any], old: Any, shape: Shape) -> Any:
    """The old items of a set or map in the order of the new ones: equality does not ask for the order of such lists."""
    keys: Any = shape["x-list"]

    def identity(item: Any) -> object:
        one = [item.get(key) for key in keys] if isinstance(item, dict) and isinstance(keys, list) else item
        return walk.frozen(one)

    places: dict[object, Key] = {identity(item): index for index, item in enumerate(value)}
    order = sorted(range(len(before)), key=lambda index: places.get(identity(before[index]), len(places)))
    return [old[index] for index in order]
