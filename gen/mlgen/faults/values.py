"""A value that its shape refuses -> problems: its type, its form, its range, its size."""

import json
import re
from collections.abc import Iterator
from typing import Any

from mlgen.branches import options
from mlgen.contract import Shape
from mlgen.faults.case import Case, code, first_line, label, source
from mlgen.node import Node
from mlgen.problem import Problem, Span
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
    if isinstance(value, str) and value in planned:
        written = code(f"{case.fault.path[-1]}: {value}") if case.fault.path else code(value)
        return Problem("not-yet", span, f"{written} is not supported by this version of mlgen yet", planned[value])
    if isinstance(value, (dict, list)):
        message = f"{case.label} cannot be {_found(case.node)}"
        return Problem("not-allowed", case.name_span, message, _choice("", choices))
    written = source(case.node)
    if len(choices) == 1:
        return Problem("not-allowed", span, f"{case.label} must be {code(choices[0])}, not {code(written)}")
    if value == "":
        return Problem("not-allowed", span, f"{case.label} is empty", _choice("", choices))
    return Problem("not-allowed", span, f"{case.label} cannot be {code(written)}", _choice(written, choices))


def wrong_form(case: Case) -> Iterator[Problem]:
    """The text has the wrong form; the schema says in words which is right."""
    said = case.shape.get("x-message", "")
    written = source(case.node) if not isinstance(case.node.value, (dict, list)) else None
    if written == "":
        yield Problem("wrong-form", case.value_span, f"{case.label} is empty", said)
    elif written is None:
        message = f"{case.label} does not have the form it needs" + (f": {said}" if said else "")
        yield Problem("wrong-form", case.name_span, message, _example(case.shape))
    else:
        message = f"{case.label} cannot be {code(written)}" + (f": {said}" if said else "")
        mended = _mended(written, case.shape)
        yield Problem("wrong-form", case.value_span, message, mended or ("" if said else _example(case.shape)))


def wrong_name(case: Case) -> Iterator[Problem]:
    """A key of a map is no name that may stand there."""
    key, keyword, shape = case.fault.detail["key"], case.fault.detail["keyword"], case.shape
    span, home = case.key_span(key), f"a key of {case.label}" if case.fault.path else "a key"
    if keyword in ("enum", "const"):
        yield Problem("unknown-key", span, f"{code(key)} cannot be {home}", did_you_mean(key, options(shape)))
    elif keyword == "maxLength":
        message = f"{code(key)} is {len(key)} characters long; at most {shape['maxLength']} are allowed"
        yield Problem("too-many", span, message)
    else:
        said = shape.get("x-message", "")
        message = f"{code(key)} cannot be {home}" + (f": {said}" if said else "")
        yield Problem("wrong-form", span, message, _mended(key, shape))


def out_of_range(case: Case) -> Iterator[Problem]:
    """A number is too large, too small, or between the steps."""
    shape = case.shape
    if case.fault.keyword == "multipleOf":
        bounds = f"a multiple of {shape['multipleOf']}"
    elif "minimum" in shape and "maximum" in shape:
        bounds = f"from {shape['minimum']} to {shape['maximum']}"
    else:
        bounds = f"{BOUNDS[case.fault.keyword]} {shape[case.fault.keyword]}"
    yield Problem("out-of-range", case.value_span, f"{case.label} must be {bounds}, not {code(source(case.node))}")


def wrong_size(case: Case) -> Iterator[Problem]:
    """Text, a list or a map has too much or too little in it."""
    least, limit = case.fault.keyword.startswith("min"), case.shape[case.fault.keyword]
    noun, verb, adjective = UNITS[case.fault.keyword[3:]]
    value = case.node.value
    size = len(value) if isinstance(value, (str, dict, list)) else 0
    span = case.value_span if isinstance(value, str) else case.name_span
    if least and not size:
        yield Problem("too-few", span, f"{case.label} is empty", f"it needs at least {_counted(limit, noun)}")
    else:
        message = f"{case.label} {verb} {_counted(size, noun)} {adjective}".rstrip()
        bound = f"at {'least' if least else 'most'} {limit} {'is' if limit == 1 else 'are'}"
        rule, word = ("too-few", "needed") if least else ("too-many", "allowed")
        yield Problem(rule, span, f"{message}; {bound} {word}")


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
    return Problem("wrong-type", case.name_span, message, f"write {wanted}, or remove the key")


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
    value, written = case.node.value, source(case.node) if not isinstance(case.node.value, (dict, list)) else ""
    if value is None:
        return "remove the key" if case.fault.path and isinstance(case.fault.path[-1], str) else "remove it"
    if isinstance(value, (bool, int, float)) and "string" in types:
        fits = "pattern" not in case.shape or _matches(case.shape["pattern"], written)
        return f'write "{written}" in quotes' if fits else str(case.shape.get("x-message", ""))
    if isinstance(value, str) and _bare(value) & types:
        return f"write {written} without quotes"
    if "array" in types and written and len(written) <= 40 and not set(written) & set("[]{},:#&*!|>'\"%@`\n"):
        return f"write {code('[' + ', '.join(written.split()) + ']')}"
    return _example(case.shape)


def _bare(text: str) -> set[str]:
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return {"integer", "number"}
    if re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", text):
        return {"number"}
    return {"boolean"} if text in ("true", "false") else set()


def _choice(written: str, choices: list[Any]) -> str:
    return did_you_mean(written, [choice if isinstance(choice, str) else json.dumps(choice) for choice in choices])


def _example(shape: Shape) -> str:
    example = next(iter(shape.get("examples", [])), None)
    return "" if example is None else f"for example {code(example)}"


def _mended(written: str, shape: Shape) -> str:
    """The commonest slips in names and amounts, if undoing one of them is all it takes."""
    words = re.sub(r"[\s_.-]+", " ", written).strip()
    squeezed = "".join(written.split())
    in_one = (squeezed, squeezed.lower(), squeezed.removesuffix("B"), f"/{squeezed}")
    longest, pattern = shape.get("maxLength", 60), shape.get("pattern", "(?!)")
    for guess in (written.strip(), words.replace(" ", "_"), words.replace(" ", "-").lower(), *in_one):
        if guess != written and len(guess) <= longest and _matches(pattern, guess):
            return f"did you mean {code(guess)}?"
    return ""


def _matches(pattern: str, text: str) -> bool:
    """Only for advice, the validator decides: Python's ``$`` takes more than a schema's, so lines of ASCII only."""
    try:
        return len(text) <= 200 and text.isascii() and "\n" not in text and re.search(pattern, text) is not None
    except re.error:
        return False


def _counted(number: int, noun: str) -> str:
    plural = "entries" if noun == "entry" else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
