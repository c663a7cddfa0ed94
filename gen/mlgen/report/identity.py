"""Problems -> what each is known by from one run to the next, wherever its line has gone meanwhile."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from mlgen.problem import Problem


def fingerprints(problems: Sequence[Problem], sources: Mapping[str, str]) -> Iterator[str]:
    """32 hexadecimal digits for each of ``problems``, no two alike.

    They are made of the file, the rule and the words of the line, not of its number; of several problems that are
    alike in these, of how many came before.
    """
    lines = {name: sources[name].split("\n") for name in {p.span.file for p in problems} if name in sources}
    seen: Counter[tuple[str, ...]] = Counter()
    for problem in problems:
        known = (problem.rule, problem.span.file, _words(problem, lines.get(problem.span.file, [])))
        digest = sha256(repr((*known, seen[known])).encode()).hexdigest()
        seen[known] += 1
        yield digest[:32]


def _words(problem: Problem, lines: Sequence[str]) -> str:
    """The line that the problem begins on, however it is indented; its message where there is no such line."""
    number = problem.span.line
    return " ".join(lines[number - 1].split()) if 0 < number <= len(lines) else problem.message
