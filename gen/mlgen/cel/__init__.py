"""A CEL expression, as Kubernetes' API server takes it, and its variables -> a value: the importer of cel-expr-python.

The library is part of the extra `mlgen[policies]` and is loaded when an expression is first evaluated.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from mlgen.cel import addresses, amounts, formats, lists
from mlgen.cel.function import Function, member
from mlgen.cel.rewriting import depth, rewritten

if TYPE_CHECKING:
    from cel_expr_python import cel

EXTRA = "mlgen[policies]"
LONGEST = 20_000
# What the library says where it lacks a function, or a form of one, that the API server has.
FOREIGN = ("No overload found in reference", "No matching overloads found", "Non-CEL value type")
MOST_STEPS = 20_000_000
CONFIGURATION = """\
name: kubernetes
extensions: [{name: bindings}, {name: strings}, {name: optional}, {name: math}, {name: encoders}, {name: sets},
  {name: lists}, {name: regex}, {name: two-var-comprehensions}]
"""


class UnevaluableError(Exception):
    """The expression cannot be evaluated here; the text says why."""


class FailedError(Exception):
    """The evaluation ends with an error, as it would in the API server; the text is that error."""


class MalformedError(Exception):
    """The expression is none: the API server would not take it either."""


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("cel_expr_python") is not None


class Program(NamedTuple):
    """An expression that can be evaluated any number of times."""

    expression: "cel.Expression"
    depth: int

    def value(self, data: Mapping[str, Any]) -> Any:
        """Its value where its variables are ``data``: plain Python values.

        Raises FailedError if the evaluation ends with an error, UnevaluableError if it would take too long.
        """
        if self.depth > 1 and _largest(data.values()) ** self.depth > MOST_STEPS:
            raise UnevaluableError("it would take too long")
        try:
            found = self.expression.eval(data=data)
            plain = found.plain_value()
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            raise _error(error) from None
        if found.type().name() == "ERROR":
            raise _error(plain)
        return plain


@cache
def program(expression: str, variables: tuple[str, ...]) -> Program:
    """Compile ``expression``, in which ``variables`` may occur.

    Raises UnevaluableError if the extra is missing or it needs what mlgen does not have, MalformedError if it is none.
    """
    if len(expression) > LONGEST:
        raise UnevaluableError(f"it is longer than {LONGEST} characters")
    environment, text = _environment(variables), rewritten(expression)
    try:
        return Program(environment.compile(text), depth(text))
    except RuntimeError as error:
        wrong = str(error)
    unknown = re.search(r"undeclared reference to '([^']*)'", wrong)
    if unknown:
        raise UnevaluableError(f"mlgen does not know `{unknown[1]}`")
    if "no matching overload" not in wrong:
        raise MalformedError(_first_line(wrong))
    try:  # the API server compares numbers of different types (1.0 < 2); here only the evaluation does
        return Program(environment.compile(text, disable_check=True), depth(text))
    except RuntimeError as error:
        raise MalformedError(_first_line(error)) from None


@cache
def _environment(variables: tuple[str, ...]) -> "cel.Env":
    if not available():
        raise UnevaluableError(f"it needs the extra `{EXTRA}`")
    from cel_expr_python import cel

    return cel.NewEnv(
        config=cel.NewEnvConfigFromYaml(CONFIGURATION),
        variables=dict.fromkeys(variables, cel.Type.DYN),
        functions=[_declared(function) for function in FUNCTIONS],
    )


def _declared(function: Function) -> "cel.FunctionDecl":
    from cel_expr_python import cel

    overloads = [
        cel.Overload(
            f"{function.name}({','.join(form.takes)}){form.member}",
            return_type=getattr(cel.Type, form.gives.upper()),
            parameters=[getattr(cel.Type, kind.upper()) for kind in form.takes],
            is_member=form.member,
            impl=form.does,
        )
        for form in function.forms
    ]
    return cel.FunctionDecl(function.name, overloads)


def _error(wrong: object) -> Exception:
    line = _first_line(wrong)
    return UnevaluableError(line) if line.startswith(FOREIGN) else FailedError(line)


def _largest(values: Iterable[Any]) -> int:
    """The size of the largest list or map in ``values``."""
    largest, waiting = 0, list(values)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (dict, list)):
            largest = max(largest, len(one))
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return largest


def _first_line(error: object) -> str:
    """What went wrong, without the library's codes and pictures."""
    line = str(error).strip().split("\n")[0]
    return re.sub(r"^[A-Z_]+: |\s*\[[A-Z_]+\]$|ERROR: <input>:| expecting \{.*$", "", line)


def _ungrouped(pattern: str) -> str:
    """A regular expression whose groups capture nothing: `regex.extract` then yields all that matches."""
    return re.sub(r"(\\.|\[\^?\]?(?:\\.|\[:[a-z^]*:\]|[^\]\\])*\])|\((?!\?)|\(\?P?<[A-Za-z0-9_]*>", _uncapture, pattern)


def _uncapture(found: re.Match[str]) -> str:
    return found[1] or "(?:"


def _find(text: str, pattern: str) -> Any:
    search = program("regex.extract(text, pattern).orValue('')", ("text", "pattern"))
    return search.value({"text": text, "pattern": _ungrouped(pattern)})


def _find_all(text: str, pattern: str, most: int = -1) -> Sequence[Any]:
    search = program("regex.extractAll(text, pattern)", ("text", "pattern"))
    found: Sequence[Any] = search.value({"text": text, "pattern": _ungrouped(pattern)})
    return found if most < 0 else found[:most]


FUNCTIONS: tuple[Function, ...] = (
    *amounts.FUNCTIONS,
    *addresses.FUNCTIONS,
    *lists.FUNCTIONS,
    *formats.FUNCTIONS,
    # Kubernetes' regular expressions are RE2's, and so are those of the library: Python's are not.
    member("find", ("string", "string"), "string", _find),
    member("findAll", ("string", "string"), "list", _find_all)._replace(
        forms=(
            member("findAll", ("string", "string"), "list", _find_all).forms[0],
            member("findAll", ("string", "string", "int"), "list", _find_all).forms[0],
        )
    ),
)
