"""A document with `{{ project.name }}` in its strings and the values of such names -> the document filled in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mlgen.node import Node
from mlgen.problem import MlgenError, Problem, Span
from mlgen.suggest import did_you_mean

if TYPE_CHECKING:
    import jinja2
    from jinja2 import nodes

Names = Mapping[str, Mapping[str, str]]

FILTERS = {"lower": 0, "replace": 2, "default": 1}  # how many texts each takes
ARGUMENTS = ("nothing", "one text in quotes", "two texts in quotes")
MOST_FILTERS = 4
LONGEST = 200  # of one expression: it bounds the parser's recursion and what a chain of `replace` can grow to
LONGEST_RESULT = 1000
EXPRESSION = re.compile(r"""\{\{((?:"[^"]*"|'[^']*'|[^"'])*?)\}\}""")
PLAIN_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*")
ALLOWED = "a dotted name may stand here, with the filters lower, replace and default: `{{ project.name | lower }}`"
NOWHERE = Span("", 0, 0, 0, 0)  # an expression does not know where it stands: it is read once for all its places


class Absent(str):
    """In the place of a name's value: why there is none."""

    __slots__ = ()


class Expression(NamedTuple):
    """What stands between braces. ``filtered`` is given the name's value, or None if only a default can help."""

    group: str
    name: str
    optional: bool
    filtered: Callable[[str | None], str]


def fill(node: Node, names: Names) -> tuple[Node, list[Problem]]:
    """``node`` with every `{{ group.name }}` in its strings replaced, and all that stands in the way of that.

    Keys are left alone. What needs no filling stays the same object; what is filled keeps its place, and its
    ``text`` is what was written. A string that cannot be filled stays as it is written.
    """
    problems: list[Problem] = []
    return _filled(node, names, problems), problems


def _filled(node: Node, names: Names, problems: list[Problem]) -> Node:
    value = node.value
    if isinstance(value, str):
        return _filled_text(node, value, names, problems) if "{{" in value else node
    if isinstance(value, dict):
        entries = {key: _filled(entry, names, problems) for key, entry in value.items()}
        same = all(entries[key] is entry for key, entry in value.items())
        return node if same else replace(node, value=entries)
    if isinstance(value, list):
        items = [_filled(item, names, problems) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return node if same else replace(node, value=items)
    return node


def _filled_text(node: Node, text: str, names: Names, problems: list[Problem]) -> Node:
    parts: list[str] = []
    end, refused = 0, False
    for start, stop, source in expressions(text):
        try:
            result = _result(source, names)
        except MlgenError as error:
            place = within(node.span, text, start, stop)
            problems += [problem._replace(span=place) for problem in error.problems]
            refused = True
        else:
            parts += [text[end:start], result]
        end = stop
    return node if refused else replace(node, value="".join([*parts, text[end:]]), text=text)


def expressions(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Start, end and inside of each `{{ }}`; the inside is None where braces are not closed."""
    start = text.find("{{")
    while start >= 0:
        match = EXPRESSION.match(text, start)
        yield (start, match.end(), match[1]) if match else (start, len(text), None)
        start = text.find("{{", match.end()) if match else -1


def within(span: Span, text: str, start: int, stop: int) -> Span:
    """The place of these characters of a scalar, where it is written as it reads: on one line, with or without quotes,
    or as lines below a `|`."""
    lines, before = text.rstrip("\n").split("\n"), text[:start].split("\n")
    quotes, indent = span.end_column - span.column - len(text), span.end_column - 1 - len(lines[-1])
    if span.line == span.end_line and quotes in (0, 2):
        line, column = span.line, span.column + quotes // 2
    elif span.end_line - span.line == len(lines) and indent > 0 and (text.endswith("\n") or len(lines) > 1):
        line, column = span.line + len(before), indent + 1
    else:
        return span
    column += len(before[-1])
    return Span(span.file, line, column, line, column + stop - start)


def _result(source: str | None, names: Names) -> str:
    if source is None:
        raise not_closed()
    expression = parsed(source)
    return plain(expression.filtered(_value(expression, names)), source)


def not_closed() -> MlgenError:
    """Braces that open and do not close."""
    return _forbidden("`{{` is not closed", "end the expression with `}}`")


def plain(result: str, source: str) -> str:
    """What an expression gave, if it may stand in the middle of a text. Raises MlgenError otherwise."""
    if not result.isprintable() or "{{" in result or len(result) > LONGEST_RESULT:
        raise _forbidden(f"what {_shown(source)} stands for is not one short line of plain text", "")
    return result


def _value(expression: Expression, names: Names) -> str | None:
    """The name's value; None if its group is defined and a default covers the rest. Raises MlgenError otherwise."""
    group, name = names.get(expression.group), expression.name
    value = group.get(name) if group is not None else None
    if group is not None and (expression.optional or not (value is None or isinstance(value, Absent))):
        return None if isinstance(value, Absent) else value
    written = f"{expression.group}.{name}" if name else expression.group
    if isinstance(value, Absent):
        hint = f"add it, or say what to write instead: `{{{{ {written} | default('...') }}}}`"
        raise MlgenError(Problem("template-undefined", NOWHERE, f"`{written}` is not defined: {value}", hint))
    every = [f"{one}.{other}" for one, inner in names.items() for other in inner]
    message = f"`{written}` is not defined here"
    raise MlgenError(Problem("template-undefined", NOWHERE, message, did_you_mean(written, every)))


@cache
def parsed(source: str) -> Expression:
    """An expression that is nothing but a name and filters. Raises MlgenError for any other."""
    if len(source) > LONGEST:
        raise _forbidden(f"{_shown(source)} is longer than {LONGEST} characters")
    if plain := PLAIN_NAME.fullmatch(source):  # nearly all are: they need no parser, and Jinja2 is 60 ms of start-up
        return Expression(plain[1], plain[2], False, str)
    return _filtered(source)


def _filtered(source: str) -> Expression:
    from jinja2 import TemplateSyntaxError, nodes

    environment = _environment()
    try:
        tree = environment.parse(f"{{{{ {source} }}}}")  # the blanks keep `-` and `+` from being whitespace control
    except (TemplateSyntaxError, RecursionError):
        raise _forbidden(f"{_shown(source)} is no expression that can be read") from None
    (output,) = tree.body if len(tree.body) == 1 else (None,)
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise _forbidden(f"{_shown(source)} is more than a name")
    filters = _filters(output.nodes[0], source)
    group, name = _dotted(filters[0].node if filters else output.nodes[0], source)
    value = nodes.Name("value", "load", lineno=1, environment=environment)
    if filters:  # the name's value is looked up by us: Jinja2 sees a text, and never a map with its methods
        filters[0].node = value
    else:
        output.nodes[0] = value
    render = environment.from_string(tree).render
    optional = bool(filters) and filters[0].name == "default"
    return Expression(group, name, optional, lambda value: render({} if value is None else {"value": value}))


def _filters(node: "nodes.Node", source: str) -> "list[nodes.Filter]":
    """The filters, in the order in which they are applied. Raises MlgenError for any but ours."""
    from jinja2 import nodes

    found: list[nodes.Filter] = []
    inner: nodes.Node | None = node
    while isinstance(inner, nodes.Filter):
        name, arguments = inner.name, inner.args
        if name not in FILTERS:
            raise _forbidden(f"there is no filter `{name[:60]}`", did_you_mean(name, FILTERS))
        texts = [part for part in arguments if isinstance(part, nodes.Const) and isinstance(part.value, str)]
        if not len(texts) == len(arguments) == FILTERS[name] or inner.kwargs or inner.dyn_args or inner.dyn_kwargs:
            raise _forbidden(f"the filter `{name}` takes {ARGUMENTS[FILTERS[name]]}")
        found.insert(0, inner)
        inner = inner.node
    if len(found) > MOST_FILTERS:
        raise _forbidden(f"{_shown(source)} has more than {MOST_FILTERS} filters")
    return found


def _dotted(node: "nodes.Node | None", source: str) -> tuple[str, str]:
    """Group and name of `group.name`; the name is what follows the first dot, and empty if there is none."""
    from jinja2 import nodes

    attributes: list[str] = []
    while isinstance(node, nodes.Getattr):
        attributes.insert(0, node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        raise _forbidden(f"{_shown(source)} is more than a name")
    return node.name, ".".join(attributes)


def _forbidden(message: str, advice: str = ALLOWED) -> MlgenError:
    return MlgenError(Problem("template-forbidden", NOWHERE, message, advice))


def _shown(source: str) -> str:
    text = "{{" + source + "}}" if len(source) <= 56 else "{{" + source[:55] + "…}}"
    return "`" + "".join(character if character.isprintable() else " " for character in text) + "`"


@cache
def _environment() -> "jinja2.Environment":
    """A sandbox that knows `{{ }}` and nothing else: `{%` and `{#` are common in shell commands and stay text."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        block_start_string="\0<",
        block_end_string="\0>",
        comment_start_string="\0(",
        comment_end_string="\0)",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests.clear()
    environment.globals.clear()
    return environment


def scaffold(text: str, values: Mapping[str, object]) -> str:
    """One of our own files to begin with, filled in: `<%= name %>`, and lines of `<% if %>`, for what writes `{{ }}`
    itself. Never for what a user wrote."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        variable_start_string="<%=",
        variable_end_string="%>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.from_string(text).render(**values)
