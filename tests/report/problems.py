"""Problems of every sort, hostile ones among them: what the tests of the formats share."""

from typing import Literal

from hypothesis import strategies as st
from tests.nasty import TEXT

from mlgen.problem import Problem, Span

SOURCE = "kind: Job\nspec:\n  template:\n    spec: {restartPolicy: Always}\n"
FILE = "jobs/train.yaml"
ERROR = Problem(
    "kubernetes-wrong-value",
    Span(FILE, 4, 12, 4, 33),
    "`spec.restartPolicy` cannot be `Always`",
    "write `Never`",
    related=((Span(FILE, 1, 7, 1, 10), "the pods of a Job end"),),
)
WARNING = Problem("kubernetes-unknown-field", Span(FILE, 3, 3, 4, 34), "`x` is 100% odd", severity="warning")
ELSEWHERE = Problem("cannot-read", Span("/tmp/a b.yaml", 1, 1, 1, 1), "this cannot be read")
SOURCES = {FILE: SOURCE, "jobs/fine.yaml": "kind: Job\n"}

NASTY = TEXT | st.sampled_from(
    [
        *("::error::x", " ::set-output name=a::b", "\u3000::x::", "##[add-mask]a", "##[group]", "a%0A::error::b"),
        *(
            "\x1b]8;;x\x07",
            "]]>",
            "<!--",
            "&#0;",
            "\ufffe",
            "\uffff",
            "\ud800",
            "[x](https://example.com)",
            "{0}",
            "\x00",
        ),
    ]
)
ANY = NASTY | st.text(max_size=8)
_LINES = st.integers(1, 5)
SPANS = st.builds(Span, ANY | st.just(FILE), _LINES, _LINES, _LINES, _LINES)
_SEVERITIES: st.SearchStrategy[Literal["error", "warning"]] = st.sampled_from(["error", "warning"])
PROBLEMS = st.lists(
    st.builds(Problem, ANY, SPANS, ANY, ANY, _SEVERITIES, st.lists(st.tuples(SPANS, ANY), max_size=2).map(tuple)),
    max_size=4,
)


def many(severity: Literal["error", "warning"], count: int) -> list[Problem]:
    """``count`` problems, a line each."""
    return [Problem("r", Span("f", line, 1, line, 2), f"m{line}", severity=severity) for line in range(1, count + 1)]
