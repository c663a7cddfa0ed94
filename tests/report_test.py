"""What is shown for problems, exactly; and that no text of a user can be more than text in it."""

import json
import re
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nasty import TEXT

from mlgen.problem import Problem, Span
from mlgen.report import FORMATS, render, safe

CHURN = """\
apiVersion: mlgen.dev/v1
kind: Project
name: churn

workloads:
  lab:
    kind: notebook
  train:
    kind: tensorflow
    command: [python, -m, churn.train]
    worker: 4
"""
SOURCES = {"projects/churn/mlgen.yaml": CHURN, "environments/prod.yaml": "name: prod\ngpus:\n  t4: {total: 2}\n"}
TYPO = Problem(
    "unknown-key",
    Span("projects/churn/mlgen.yaml", 11, 5, 11, 11),
    "`worker` is not a key of a tensorflow workload",
    "did you mean `workers`?",
)
GPU = Problem(
    "no-such-gpu",
    Span("projects/churn/mlgen.yaml", 9, 5, 10, 39),
    "`train` wants a100 GPUs, which prod does not have",
    severity="warning",
    related=((Span("environments/prod.yaml", 3, 3, 3, 5), "prod has only these"),),
)


def at(line: str, column: int, end: int) -> list[str]:
    """The excerpt shown for a place in a file of this one line: the line and its underline."""
    problem = Problem("r", Span("f", 1, column, 1, end), "m")
    return render([problem], {"f": line}).splitlines()[3:5]


def test_text() -> None:
    assert render([TYPO, GPU], SOURCES) == (
        """\
warning[no-such-gpu]: `train` wants a100 GPUs, which prod does not have
 --> projects/churn/mlgen.yaml:9:5
  |
8 |   train:
9 |     kind: tensorflow
  |     ^^^^^^^^^^^^^^^^
note: prod has only these
 --> environments/prod.yaml:3:3
  |
2 | gpus:
3 |   t4: {total: 2}
  |   ^^

error[unknown-key]: `worker` is not a key of a tensorflow workload
  --> projects/churn/mlgen.yaml:11:5
   |
10 |     command: [python, -m, churn.train]
11 |     worker: 4
   |     ^^^^^^
   |
   = help: did you mean `workers`?

Found 1 error and 1 warning.
Explain a rule with: mlgen rule RULE
"""
    )


def test_text_without_the_source() -> None:
    elsewhere = Problem("missing-file", Span("environments/base.yaml", 1, 1, 1, 1), "this file is missing", "create it")
    assert render([elsewhere, elsewhere._replace(rule="z", help="")], {}) == (
        """\
error[missing-file]: this file is missing
 --> environments/base.yaml:1:1
  = help: create it

error[z]: this file is missing
 --> environments/base.yaml:1:1

Found 2 errors.
Explain a rule with: mlgen rule RULE
"""
    )


def test_text_in_colour() -> None:
    plain, coloured = render([TYPO, GPU], SOURCES), render([TYPO, GPU], SOURCES, color=True)
    assert "\x1b[1;31merror[unknown-key]\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^\x1b[0m\n" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_concise() -> None:
    assert render([TYPO, GPU], SOURCES, format="concise") == (
        "projects/churn/mlgen.yaml:9:5: warning[no-such-gpu] `train` wants a100 GPUs, which prod does not have\n"
        "projects/churn/mlgen.yaml:11:5: error[unknown-key] `worker` is not a key of a tensorflow workload\n"
    )


def test_json() -> None:
    assert json.loads(render([GPU], SOURCES, format="json")) == {
        "schema_version": 1,
        "problems": [
            {
                "rule": "no-such-gpu",
                "severity": "warning",
                "message": "`train` wants a100 GPUs, which prod does not have",
                "help": "",
                "file": "projects/churn/mlgen.yaml",
                "line": 9,
                "column": 5,
                "end_line": 10,
                "end_column": 39,
                "related": [
                    {
                        "message": "prod has only these",
                        "file": "environments/prod.yaml",
                        "line": 3,
                        "column": 3,
                        "end_line": 3,
                        "end_column": 5,
                    }
                ],
            }
        ],
    }


def test_github_has_errors_first_and_no_columns_over_several_lines() -> None:
    assert render([TYPO, GPU], SOURCES, format="github") == (
        "::error file=projects/churn/mlgen.yaml,line=11,col=5,endLine=11,endColumn=11,title=mlgen (unknown-key)"
        "::`worker` is not a key of a tensorflow workload%0Ahelp: did you mean `workers`?\n"
        "::warning file=projects/churn/mlgen.yaml,line=9,endLine=10,title=mlgen (no-such-gpu)"
        "::`train` wants a100 GPUs, which prod does not have%0Anote: environments/prod.yaml:3:3: prod has only these\n"
    )


def test_github_escapes_what_would_end_a_property_or_a_message() -> None:
    hostile = Problem("r", Span("a,b:c%::d", 1, 1, 1, 2), "100% of\r\n::error::x, y: z", "a%0Ab")
    assert render([hostile], {}, format="github") == (
        "::error file=a%2Cb%3Ac%25%3A%3Ad,line=1,col=1,endLine=1,endColumn=2,title=mlgen (r)"
        "::100%25 of\\u{d}\\u{a}::error::x, y: z%0Ahelp: a%250Ab\n"
    )


@pytest.mark.parametrize(("format", "nothing"), [("text", ""), ("concise", ""), ("github", "")])
def test_nothing_wrong_says_nothing(format: str, nothing: str) -> None:
    assert render([], SOURCES, format=format) == nothing


def test_nothing_wrong_is_json_too() -> None:
    assert json.loads(render([], {}, format="json")) == {"schema_version": 1, "problems": []}


def test_problems_are_sorted_and_said_once() -> None:
    assert render([TYPO, GPU, TYPO], {}, format="concise") == render([GPU, TYPO], {}, format="concise")


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "underline"),
    [
        ("a: b", 4, 5, "a: b", "   ^"),
        ("a: b", 4, 4, "a: b", "   ^"),
        ("a:", 3, 3, "a:", "  ^"),
        ("a:", 99, 120, "a:", "  ^"),
        ("", 1, 1, "", "^"),
        ("\ta:\tb", 5, 6, "    a:    b", " " * 10 + "^"),
        ("日本: 語b", 5, 6, "日本: 語b", "      ^^"),
        ("e\u0301a: b", 3, 4, "e\u0301a: b", " ^"),
        ("\U0001f600: b", 4, 5, "\U0001f600: b", "    ^"),
        ("a\u202eb: c", 3, 4, "a\\u{202e}b: c", " " * 9 + "^"),
        ("a: \x1b[0mb", 4, 9, "a: \\u{1b}[0mb", "   " + "^" * 10),
        ("##[group]b", 10, 11, "#\\u{23}[group]b", " " * 14 + "^"),
        ("a: b\r", 4, 5, "a: b", "   ^"),
    ],
)
def test_the_underline_is_below_its_place(line: str, column: int, end: int, shown: str, underline: str) -> None:
    assert at(line, column, end) == [f"1 | {shown}".rstrip(), f"  | {underline}"]


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "k: [" + ", ".join(f"item-{index:03}" for index in range(200)) + "]"
    for column in (1, 5, 90, 400, 1000, len(line) - 1, len(line)):
        shown, underline = at(line, column, column + 8)
        assert len(shown) <= 120
        place = underline.index("^")
        wanted = line[column - 1 : column + 7]
        assert shown[place : place + len(wanted)] == wanted
        assert underline[place:] == "^" * len(wanted)
        assert ("..." in shown[:7]) == (column > 80)
    shown, underline = at("a" * 5000, 1, 5001)
    assert shown == "1 | " + "a" * 110 + "..."
    assert underline == "  | " + "^" * 110


def test_a_line_above_that_is_long_or_blank() -> None:
    problem = Problem("r", Span("f", 2, 1, 2, 2), "m")
    assert render([problem], {"f": "b" * 500 + "\na: b"}).splitlines()[3] == "1 | " + "b" * 110 + "..."
    assert render([problem], {"f": "  \na: b"}).splitlines()[3] == "2 | a: b"
    assert render([problem], {"f": "c: d\n" + "a" * 500}, format="text").splitlines()[3] == "1 | c: d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `text`, 100% é日", "plain `text`, 100% é日"),
        ("a\nb\r\tc\x00\x1b[2J\x7f\x85", "a\\u{a}b\\u{d}\\u{9}c\\u{0}\\u{1b}[2J\\u{7f}\\u{85}"),
        ("\u202eabc\u2066\u200b\ufeff\u2028\ud800", "\\u{202e}abc\\u{2066}\\u{200b}\\u{feff}\\u{2028}\\u{d800}"),
        ("##[stop-commands]x ###[", "#\\u{23}[stop-commands]x ##\\u{23}["),
        ("x" * 2000, "x" * 1000 + "..."),
    ],
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


NASTY = TEXT | st.sampled_from(
    ["::error::x", " ::set-output name=a::b", "\u3000::x::", "##[add-mask]a", "\x1b]8;;x\x07"]
)
ANY = NASTY | st.text(max_size=8)
LINES = st.integers(1, 5)
SPANS = st.builds(Span, ANY | st.just("f"), LINES, LINES, LINES, LINES)
SEVERITIES: st.SearchStrategy[Literal["error", "warning"]] = st.sampled_from(["error", "warning"])
PROBLEMS = st.lists(
    st.builds(Problem, ANY, SPANS, ANY, ANY, SEVERITIES, st.lists(st.tuples(SPANS, ANY), max_size=2).map(tuple)),
    max_size=3,
)
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@pytest.mark.parametrize("format", FORMATS)
@given(problems=PROBLEMS, source=ANY, color=st.booleans())
def test_no_text_is_more_than_text(format: str, problems: list[Problem], source: str, color: bool) -> None:
    written = render(problems, {"f": source}, format=format, color=color)
    without_colour = re.sub(r"\x1b\[(?:0|1|1;3[1-6])m", "", written) if color else written
    assert not HIDDEN.search(without_colour)
    assert "##[" not in written
    lines = without_colour.split("\n")
    if format == "json":
        read = json.loads(written)["problems"]
        assert {problem["message"] for problem in read} == {problem.message for problem in problems}
    if format == "github":
        assert len(lines) == len(set(problems)) + 1
        assert all(re.match(r"::(error|warning) (file=[^:,]+,)?line=\d+,[^:]+::", line) for line in lines[:-1])
    else:
        assert not any(line.lstrip().startswith("::") for line in lines)
    if format == "concise":
        assert len(lines) == len(set(problems)) + 1


def test_a_hostile_problem_is_one_entry_in_every_format() -> None:
    hostile: Any = Problem("r", Span("f", 1, 1, 1, 3), "x\nerror[forged]: y\n::error::z", "\nerror[forged]: y")
    for format in FORMATS:
        written = render([hostile], {"f": "ab"}, format=format)
        assert not any(line.startswith("error[forged]") for line in written.splitlines())


@pytest.mark.parametrize("form", ["text", "github"])
def test_of_many_further_places_a_person_is_shown_a_few(form: str) -> None:
    places = [(Span(f"overlays/x/dev/{number}.yaml", 1, 1, 1, 1), f"number {number}") for number in range(9)]
    problem = TYPO._replace(related=tuple(places))
    said = render([problem], {}, format=form)
    assert [f"number {number}" in said for number in range(9)] == [True] * 5 + [False] * 4
    assert "note: and 4 more" in said
    assert len(json.loads(render([problem], {}, format="json"))["problems"][0]["related"]) == 9
