"""Problems -> GitLab's code quality report, which it shows in a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Mapping, Sequence

from mlgen.problem import Problem
from mlgen.report.identity import fingerprints
from mlgen.report.json import written
from mlgen.report.line import Style, safe

SEVERITIES = {"error": "major", "warning": "minor"}


def render(problems: Sequence[Problem], sources: Mapping[str, str], _style: Style) -> str:
    """A list with an entry for each of ``problems``."""
    known = zip(problems, fingerprints(problems, sources), strict=True)
    return written([_entry(problem, fingerprint) for problem, fingerprint in known])


def _entry(problem: Problem, fingerprint: str) -> dict[str, object]:
    span = problem.span
    return {
        "description": _description(problem),
        "check_name": safe(problem.rule),
        "fingerprint": fingerprint,
        "severity": SEVERITIES[problem.severity],
        "location": {
            "path": safe(span.file).removeprefix("./"),
            "positions": {
                "begin": {"line": span.line, "column": span.column},
                "end": {"line": span.end_line, "column": span.end_column},
            },
        },
    }


def _description(problem: Problem) -> str:
    cure = f" (help: {safe(problem.help)})" if problem.help else ""
    return f"{safe(problem.message)}{cure}" or safe(problem.rule)
