"""Law 6: every problem has a place in what the user wrote."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.law_nothing_ignored_test import MANY, Documents, edited, leaves, roots, written

from mlgen import emit, engine
from mlgen.node import Path as Pointer
from mlgen.platform import load
from mlgen.problem import Span

# What may go wrong anywhere: the wrong type, no value, a name of nothing, text that is refused, another number.
WRONG: tuple[Any, ...] = ("%{", -1, [], {"x": 1}, None, True, "no-such-thing", "{{ nobody.knows }}", 10**6)


def spoiled(documents: Documents, most: int) -> Iterator[tuple[str, Documents]]:
    """Each value of each document replaced by something wrong, in turn; or as many as ``most``, from everywhere."""
    places = [(file, number, path) for file, found in documents.items() for number, path in enumerate(inner(found))]
    for file, number, path in places[:: -(-len(places) // most)]:
        for wrong in (WRONG[number % len(WRONG)], WRONG[(number // 2 + 4) % len(WRONG)]):
            yield f"{file}: {'.'.join(map(str, path))} = {wrong!r}", edited(documents, file, path, wrong)


def inner(found: Any) -> list[Pointer]:
    """Every place of a document but its root: leaves and what is around them."""
    return sorted({path[:end] for path in leaves(found) for end in range(1, len(path) + 1)}, key=str)


def inside(span: Span, sources: dict[str, str]) -> bool:
    """Whether a place is one of a user's file, with a character there or the end of a line."""
    lines = sources.get(span.file, "").split("\n")
    begins, ends = span[1:3], span[3:5]
    return (
        span.file in sources
        and begins <= ends
        and all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in (begins, ends))
    )


@roots
def test_every_problem_has_a_place(root: Path) -> None:
    """Every problem has a place: file, line and column in what the user wrote, including problems found in a built
    object. Of each case some values, of this repository more."""
    has_a_place(root, 6 * MANY if root == ROOT else MANY)


@pytest.mark.proof
@roots
def test_really_every_problem_has_a_place(root: Path) -> None:
    """Whichever value of a case is spoilt."""
    has_a_place(root, sys.maxsize)


def has_a_place(root: Path, most: int) -> None:
    refused = 0
    for name, documents in spoiled(written(root), most):
        texts = {path: emit.dump(found) for path, found in documents.items()}
        platform = load({path: text.encode() for path, text in texts.items()})
        problems = engine.check(platform, platform.projects)
        refused += bool(problems)
        for problem in problems:
            for span in (problem.span, *(there for there, _ in problem.related)):
                assert inside(span, texts), f"{name}: {problem}"
    assert refused > (100 if root == ROOT else 20)
