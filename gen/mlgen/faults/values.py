"""A value that its shape refuses -> problems: its type, its form, its range, its size."""

import json
import re
from collections.abc import Iterator
from typing import Any

from mlgen.faults.case import LONGEST_LINE, Case, code, first_line, label, source
from mlgen.faults.flow import flow
from mlgen.faults.slips import matches, reshaped, reworded
from mlgen.node import Node
from mlgen.problem import Problem, Span
from mlgen.schema.branches import options
from mlgen.schema.contract import Shape
from mlgen.suggest import did_you_mean

WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true`, `false`",
    "array": "a list",
    "object": "a map",
    "null": "nothing",
}
BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}
BEYOND_COUNTING = 2**31 - 1  # a limit that says nothing to a person
UNITS = {"Length": ("character", "is", "long"), "Items": ("item", "has", ""), "Properties": ("entry", "has", "")}


def wrong_type(case: Case) -> Iterator[Problem]:
    """The value is a number where text is wanted, a list where a map is wanted, or nothing at all."""
    yield not_a(case, set(case.fault.detail))


def not_a(case: Case, types: set[str]) -> Problem:
    """``case`` has none of ``types``."""
    node, wanted = case.node, expected(types)
    if node.value is None and node.text in (None, ""):
        return _nothing(case, wanted)
    message = f"{case.label} must be {wanted}, not {_found(node)}"
    return Problem("wrong-type", case.value_span, message, _retyped(case, types))


def expected(types: set[str]) -> str:
    """Types in words: text, a whole number or a list."""
    told = [name for name in WORDS if name in types and not (name == "integer" and "number" in types)]
    named = [word for name in told if name != "null" or len(told) == 1 for word in WORDS[name].split(", ")]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def not_allowed(case: Case) -> Iterator[Problem]:
    """The value is none of those of ``enum`` or ``const``."""
    yield none_of(case, options(case.shape), case.shape.get("x-planned-values", {}))


def none_of(case: Case, choices: list[Any], planned: dict[str, str]) -> Problem:
    """``case`` is none of ``choices``, though perhaps one that is planned."""
    value, span = case.node.value, case.value_span
    choices = [choice for choice in choices if choice is not None] or choices  # `null` is no value to advise
    if isinstance(value, str) and value in planned:
        written = code(f"{case.fault.path[-1]}: {value}") if case.fault.path else code(value)
        return Problem("not-yet", span, f"{written} is not supported by this version of mlgen yet", planned[value])
    if isinstance(value, (dict, list)):
        message = f"{case.label} cannot be {_found(case.node)}"
        return Problem("not-allowed", case.name_span, message, _choice("", choices))
    written = source(case.node)
    if not isinstance(value, str) and written in choices:
        message = f"{case.label} must be text, not {_found(case.node)}"
        return Problem("wrong-type", span, message, f'write "{written}" in quotes')
    if len(choices) == 1:
        return Problem("not-allowed", span, f"{case.label} must be {code(choices[0])}, not {code(written)}")
    if value == "":
        return Problem("not-allowed", span, f"{case.label} is empty", _choice("", choices))
    instead = case.shape.get("x-instead-values", {}).get(written)
    return Problem("not-allowed", span, f"{case.label} cannot be {code(written)}", instead or _choice(written, choices))


def wrong_form(case: Case) -> Iterator[Problem]:
    """The text has the wrong form; the schema says in words which is right."""
    said = case.shape.get("x-message", "")
    written = source(case.node) if not isinstance(case.node.value, (dict, list)) else None
    if written == "":
        yield Problem("wrong-form", case.value_span, f"{case.label} is empty", said)
    elif written is None:
        message = f"{case.label} does not have the form it needs" + (f": {said}" if said else "")
        yield Problem("wrong-form", case.name_span, message, example(case))
    else:
        message = f"{case.label} cannot be {code(written)}" + (f": {said}" if said else "")
        mended = _meant(written, case.shape)
        yield Problem("wrong-form", case.value_span, message, mended or ("" if said else example(case)))


def wrong_name(case: Case) -> Iterator[Problem]:
    """A key of a map is no name that may stand there."""
    key, keyword, shape = case.fault.detail["key"], case.fault.detail["keyword"], case.shape
    span, home = case.key_span(key), f"a key of {case.label}" if case.fault.path else "a key"
    if keyword in ("enum", "const"):
        yield Problem("unknown-key", span, f"{code(key)} cannot be {home}", did_you_mean(key, options(shape)))
    elif keyword == "maxLength":
        message = f"{code(key)} is {len(key)} characters long; at most {shape['maxLength']} are allowed"
        yield Problem("too-many", span, message, "shorten it")
    else:
        said = shape.get("x-message", "")
        message = f"{code(key)} cannot be {home}" + (f": {said}" if said else "")
        yield Problem("wrong-form", span, message, _meant(key, shape))


def out_of_range(case: Case) -> Iterator[Problem]:
    """A number is too large, too small, or between the steps."""
    shape, keyword = case.shape, case.fault.keyword
    if keyword == "multipleOf":
        bounds = f"a multiple of {shape['multipleOf']}"
    elif "minimum" in shape and "maximum" in shape and shape["maximum"] < BEYOND_COUNTING:
        bounds = f"from {shape['minimum']} to {shape['maximum']}"
    else:
        bounds = f"{BOUNDS[keyword]} {shape[keyword]}"
    message = f"{case.label} must be {bounds}, not {code(source(case.node))}"
    yield Problem("out-of-range", case.value_span, message, shape.get("x-message", ""))


def wrong_size(case: Case) -> Iterator[Problem]:
    """Text, a list or a map has too much or too little in it."""
    shape, least, limit = case.shape, case.fault.keyword.startswith("min"), case.shape[case.fault.keyword]
    noun, verb, adjective = UNITS[case.fault.keyword[3:]]
    value = case.node.value
    size = len(value) if isinstance(value, (str, dict, list)) else 0
    span = case.value_span if isinstance(value, str) else case.name_span
    if least and not size:
        hint = shape.get("x-message") if noun == "character" else example(case)
        yield Problem("too-few", span, f"{case.label} is empty", hint or f"it needs at least {_counted(limit, noun)}")
    else:
        message = f"{case.label} {verb} {_counted(size, noun)} {adjective}".rstrip()
        bound = f"at {'least' if least else 'most'} {limit} {'is' if limit == 1 else 'are'}"
        rule, word = ("too-few", "needed") if least else ("too-many", "allowed")
        hint = "" if least else "shorten it" if noun == "character" else "keep one of them" if limit == 1 else ""
        yield Problem(rule, span, f"{message}; {bound} {word}", hint)


def repeated(case: Case) -> Iterator[Problem]:
    """A list says the same thing twice: each repetition is a problem where it stands."""
    first: dict[str, Span] = {}
    for index, item in enumerate(case.node.items):
        key = json.dumps(item.plain(), sort_keys=True)
        if key in first:
            nested = isinstance(item.value, (dict, list))
            message = f"{label((index,)) if nested else code(source(item))} stands twice in {case.label}"
            related = ((first[key], "it stands here already"),)
            yield Problem("repeated-item", first_line(item), message, "remove one of the two", related=related)
        first.setdefault(key, item.span)
    if len(first) == len(case.node.items):  # 1 and 1.0 are one number to a schema
        yield Problem("repeated-item", case.name_span, f"{case.label} says one thing twice", "remove one of the two")


def _nothing(case: Case, wanted: str) -> Problem:
    path = case.fault.path
    if not path:
        return Problem("wrong-type", case.name_span, "the file is empty", f"it must be {wanted}")
    if isinstance(path[-1], int):
        return Problem("wrong-type", case.name_span, f"{case.label} is empty", f"write {wanted}, or remove the item")
    message = f"nothing stands after {code(f'{path[-1]}:')}"
    hint = example(case) or f"write {wanted}" if _is_required(case) else f"write {wanted}, or remove the key"
    return Problem("wrong-type", case.name_span, message, hint)


def _is_required(case: Case) -> bool:
    """Whether the map around it asks for this key: who removed it would be told so next."""
    *around, word, key, _ = ("", "", *case.fault.shape_path)
    return word == "properties" and key in case.schema.full(case.schema.at(around[2:])).get("required", [])


def _found(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a map"
    if isinstance(node.value, list):
        return "a list"
    if node.value is None or isinstance(node.value, bool):
        return code(source(node))
    return f"the {'text' if isinstance(node.value, str) else 'number'} {code(source(node))}"


def _retyped(case: Case, types: set[str]) -> str:
    """How the same thing is said in the type that is wanted."""
    node, shape = case.node, case.shape
    if node.value is None:
        return "remove the key" if case.fault.path and isinstance(case.fault.path[-1], str) else "remove it"
    written = source(node) if not isinstance(node.value, (dict, list)) else ""
    if isinstance(node.value, (bool, int, float)) and "string" in types:
        fits = "pattern" not in shape or matches(shape["pattern"], written)
        return f'write "{written}" in quotes' if fits else _meant(written, shape) or str(shape.get("x-message", ""))
    if isinstance(node.value, str) and _bare(node.value) & types:
        return f"write {written} without quotes"
    value = reshaped(node, shape, types, case.schema)
    line = _line(case, value) if value is not None else ""
    return f"write {line}" if 0 < len(line) <= LONGEST_LINE else str(shape.get("x-message", "")) or example(case)


def _bare(text: str) -> set[str]:
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return {"integer", "number"}
    if re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", text):
        return {"number"}
    return {"boolean"} if text in ("true", "false") else set()


def _choice(written: str, choices: list[Any]) -> str:
    names = [choice if isinstance(choice, str) else json.dumps(choice) for choice in choices]
    if not any(character.isalpha() for name in names for character in name):  # no version is a slip for another
        return f"choose one of: {', '.join(names)}"
    return did_you_mean(written, names)


def example(case: Case) -> str:
    """The first example of the schema that fits in a line."""
    lines = (_line(case, one) for one in case.shape.get("examples", []))
    return next((f"for example {line}" for line in lines if len(line) <= LONGEST_LINE), "")


def _line(case: Case, value: Any) -> str:
    """How ``case`` with this value is written; of an item only the value."""
    path = case.fault.path
    return code(f"{path[-1]}: {flow(value)}" if path and isinstance(path[-1], str) else flow(value), LONGEST_LINE)


def _meant(written: str, shape: Shape) -> str:
    guess = reworded(written, shape)
    return f"did you mean {code(guess)}?" if guess is not None else ""


def _counted(number: int, noun: str) -> str:
    plural = "entries" if noun == "entry" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
