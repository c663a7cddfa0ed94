"""GitLab's code quality report: the documented fields, and fingerprints that stay."""

import json
import re
from typing import Any

from hypothesis import given
from tests.report.problems import ANY, ERROR, FILE, PROBLEMS, SOURCES, WARNING

from mlgen.problem import Problem
from mlgen.report import render


def entries(problems: list[Problem], sources: dict[str, str]) -> list[Any]:
    found: list[Any] = json.loads(render(problems, sources, format="gitlab"))
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["description"]
        assert re.fullmatch("[0-9a-f]{32}", entry["fingerprint"])
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(entry["location"]) == {"path", "positions"}
        assert not entry["location"]["path"].startswith("./")
        assert {type(value) for value in entry["location"]["positions"]["begin"].values()} == {int}
    assert len({entry["fingerprint"] for entry in found}) == len(found)
    return found


def test_an_entry() -> None:
    warning, error = entries([ERROR, WARNING], SOURCES)
    assert (warning["severity"], warning["check_name"]) == ("minor", "kubernetes-unknown-field")
    assert error == {
        "description": "`spec.restartPolicy` cannot be `Always` (help: write `Never`)",
        "check_name": "kubernetes-wrong-value",
        "fingerprint": error["fingerprint"],
        "severity": "major",
        "location": {
            "path": FILE,
            "positions": {"begin": {"line": 4, "column": 12}, "end": {"line": 4, "column": 33}},
        },
    }


def test_nothing_wrong_is_an_empty_list() -> None:
    assert entries([], SOURCES) == []


def test_a_fingerprint_is_not_made_of_the_line() -> None:
    moved = ERROR._replace(span=ERROR.span._replace(line=5, end_line=5))
    (before,), (after,) = entries([ERROR], SOURCES), entries([moved], {FILE: f"# why\n{SOURCES[FILE]}"})
    assert before["fingerprint"] == after["fingerprint"]
    (other,) = entries([ERROR._replace(rule="another")], SOURCES)
    assert other["fingerprint"] != before["fingerprint"]


@given(problems=PROBLEMS.map(lambda found: [p._replace(rule=p.rule or "r") for p in found]), source=ANY)
def test_whatever_it_says_it_is_valid(problems: list[Problem], source: str) -> None:
    assert len(entries(problems, {FILE: source})) == len(set(problems))
