"""An expression as Kubernetes takes it -> the same as cel-expr-python takes it.

Two things cannot be registered there: a member that text has already (`indexOf`, for lists) and a result that is
optional. So the former gets another name, and the latter is the first item of a list.
"""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""(?:[rR][bB]?|[bB][rR]?)?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|//[^\n]*|[A-Za-z_][A-Za-z0-9_]*|\s+|.""",
    re.DOTALL,
)
RENAMED = {"indexOf": "index_of", "lastIndexOf": "last_index_of"}
COMPREHENSIONS = frozenset(
    "all exists exists_one existsOne map filter transformList transformMap transformMapEntry sortBy".split()
)


def rewritten(expression: str) -> str:
    """``expression`` with names and results as `mlgen.cel` registers them."""
    if not any(word in expression for word in ("ndexOf", "validate", "named")):
        return expression
    tokens = TOKEN.findall(expression)
    after = {end for index in _calls(tokens, {"validate", "named"}) if (end := _closing(tokens, index)) is not None}
    for index in _calls(tokens, set(RENAMED)):
        tokens[index] = RENAMED[tokens[index]]
    return "".join(f"{token}.first()" if index in after else token for index, token in enumerate(tokens))


def depth(expression: str) -> int:
    """How deeply loops stand in one another: the work grows with the size of the data to that power."""
    deepest, open_loops, looping = 0, [], False
    for token in TOKEN.findall(expression):
        if token == "(":
            open_loops.append(looping)
            deepest = max(deepest, sum(open_loops))
        elif token == ")" and open_loops:
            open_loops.pop()
        if not token.isspace():
            looping = token in COMPREHENSIONS
    return deepest


def _calls(tokens: list[str], names: set[str]) -> Iterator[int]:
    """Where a member of ``names`` is called."""
    for index in range(1, len(tokens) - 1):
        if tokens[index] in names and tokens[index - 1] == "." and tokens[index + 1] == "(":
            yield index


def _closing(tokens: list[str], start: int) -> int | None:
    """The parenthesis that ends the call at ``start``."""
    level = 0
    for index in range(start + 1, len(tokens)):
        level += (tokens[index] == "(") - (tokens[index] == ")")
        if level == 0:
            return index
    return None
