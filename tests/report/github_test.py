"""GitHub's annotations, read as its runner reads a log; and no more of them than it shows."""

import re
from collections import Counter
from typing import NamedTuple

from hypothesis import given
from tests.report.problems import ANY, ERROR, FILE, PROBLEMS, SOURCES, WARNING, many

from mlgen.problem import Problem
from mlgen.report import render


class Command(NamedTuple):
    """What the runner makes of a line."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """The commands in a log, by the runner's rules: `::` first but for white space, or `##[` anywhere."""
    assert "##[" not in log
    found = []
    for line in log.split("\n"):
        text = line.lstrip()
        if text.startswith("::") and "::" in text[2:]:
            head, data = text[2:].split("::", 1)
            name, _, rest = head.partition(" ")
            pairs = (pair.split("=", 1) for pair in rest.split(",") if "=" in pair)
            found.append(Command(name, {key.strip(): plain(value, ":,") for key, value in pairs}, plain(data, "")))
    return found


def plain(text: str, more: str) -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_an_annotation_has_its_place() -> None:
    error, warning = commands(render([ERROR, WARNING], SOURCES, format="github"))
    assert error.name == "error"
    assert error.properties == {
        "file": FILE,
        "line": "4",
        "col": "12",
        "endLine": "4",
        "endColumn": "33",
        "title": "mlgen (kubernetes-wrong-value)",
    }
    assert error.data.split("\n") == [
        "`spec.restartPolicy` cannot be `Always`",
        "help: write `Never`",
        f"note: {FILE}:1:7: the pods of a Job end",
    ]
    assert (warning.name, warning.data) == ("warning", "`x` is 100% odd")
    assert warning.properties.keys() == {"file", "line", "endLine", "title"}, "it would drop columns over lines"


def test_the_tenth_of_a_severity_says_how_many_more_there_are() -> None:
    log = render([*many("warning", 11), *many("error", 250)], {}, format="github")
    found = commands(log)
    assert Counter(command.name for command in found) == {"error": 10, "warning": 10}
    assert [command.name for command in found] == ["error"] * 10 + ["warning"] * 10
    assert found[9].data == "241 more errors in one file: they stand in the log of this step"
    assert found[19].data == "2 more warnings in one file: they stand in the log of this step"
    assert found[9].properties == {"title": "mlgen"}
    assert all(f"\nf:{line}:1: error[r] m{line}\n" in log for line in range(10, 251)), "the log has every one of them"


def test_ten_are_shown_as_they_are() -> None:
    assert [command.data for command in commands(render(many("error", 10), {}, format="github"))] == [
        f"m{line}" for line in range(1, 11)
    ]


@given(problems=PROBLEMS, source=ANY)
def test_whatever_it_says_it_is_one_command_a_problem(problems: list[Problem], source: str) -> None:
    found = commands(render(problems, {FILE: source}, format="github"))
    assert Counter(command.name for command in found) == Counter(problem.severity for problem in set(problems))
    assert all(command.properties["line"].isdigit() for command in found)
    assert all(re.match(r"mlgen \(", command.properties["title"]) for command in found)
