"""Problems -> a JUnit report: a suite a file, a case for each problem, and one that passes where a file has none.

JUnit knows no warnings. An error is a failure; a warning is a case that was skipped, which fails nothing and is shown.
https://github.com/testmoapp/junitxml
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from mlgen.problem import Problem
from mlgen.report.line import Style, place, safe

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
# What `safe` leaves and XML 1.0 has no place for, not even as a reference.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REFERENCES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def render(problems: Sequence[Problem], sources: Mapping[str, str], _style: Style) -> str:
    """The suites by file: every file in ``sources``, and those that could not be read."""
    found = {file: list(group) for file, group in groupby(problems, lambda problem: problem.span.file)}
    files = sorted({*found, *sources})
    failed = sum(problem.severity == "error" for problem in problems)
    tests = sum(len(found.get(file, ())) or 1 for file in files)
    head = f'<testsuites name="mlgen" {_counts(tests, failed, len(problems) - failed)}>'
    suites = (line for file in files for line in _suite(file, found.get(file, [])))
    return "".join(f"{line}\n" for line in (HEAD, head, *suites, "</testsuites>"))


def _suite(file: str, problems: Sequence[Problem]) -> Iterator[str]:
    failed = sum(problem.severity == "error" for problem in problems)
    name = _attribute(file)
    yield f'  <testsuite name="{name}" {_counts(len(problems) or 1, failed, len(problems) - failed)}>'
    if not problems:
        yield f'    <testcase name="nothing wrong" classname="{name}"/>'
    for problem in problems:
        yield from _case(problem, name)
    yield "  </testsuite>"


def _counts(tests: int, failed: int, skipped: int) -> str:
    return f'tests="{tests}" failures="{failed}" errors="0" skipped="{skipped}"'


def _case(problem: Problem, name: str) -> Iterator[str]:
    line, rule = problem.span.line, _attribute(problem.rule)
    failed = problem.severity == "error"
    outcome, message = ("failure", problem.message) if failed else ("skipped", f"warning: {problem.message}")
    yield f'    <testcase name="{rule}:{line}" classname="{name}" file="{name}" line="{line}">'
    yield f'      <{outcome} type="{rule}" message="{_attribute(message)}">{_details(problem)}</{outcome}>'
    yield "    </testcase>"


def _details(problem: Problem) -> str:
    said = [f"{place(problem.span)}: {safe(problem.message)}"]
    said += [f"help: {safe(problem.help)}"] if problem.help else []
    said += [f"note: {place(span)}: {safe(label)}" for span, label in problem.related]
    return "\n".join(map(_escaped, said))


def _attribute(text: str) -> str:
    return _escaped(safe(text))


def _escaped(text: str) -> str:
    return ILLEGAL.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text).translate(REFERENCES)
