"""JUnit: read by a library that test dashboards use, and by an XML parser."""

from xml.etree import ElementTree

from hypothesis import given
from junitparser import Failure, JUnitXml, Skipped, TestSuite
from tests.report.problems import ANY, ELSEWHERE, ERROR, FILE, PROBLEMS, SOURCES, WARNING

from mlgen.problem import Problem
from mlgen.report import render


def suites(problems: list[Problem], sources: dict[str, str]) -> dict[str, TestSuite]:
    """The suites by their names; every count is checked."""
    text = render(problems, sources, format="junit")
    ElementTree.fromstring(text)
    report = JUnitXml.fromstring(text.encode())
    said = (report.tests, report.failures, report.skipped, report.errors)
    report.update_statistics()  # type: ignore[no-untyped-call]
    assert said == (report.tests, report.failures, report.skipped, report.errors)
    return {suite.name: suite for suite in report}


def test_a_suite_a_file_and_a_case_a_problem() -> None:
    found = suites([ERROR, WARNING, ELSEWHERE], SOURCES)
    assert list(found) == ["/tmp/a b.yaml", "jobs/fine.yaml", FILE]
    warning, error = found[FILE]
    (failure,), (skipped,) = error.result, warning.result
    assert isinstance(failure, Failure)
    assert failure.message == "`spec.restartPolicy` cannot be `Always`"
    assert failure.text.split("\n") == [
        f"{FILE}:4:12: `spec.restartPolicy` cannot be `Always`",
        "help: write `Never`",
        f"note: {FILE}:1:7: the pods of a Job end",
    ]
    assert isinstance(skipped, Skipped), "a warning fails nothing"
    assert skipped.message == "warning: `x` is 100% odd"
    assert (error.name, error.classname) == ("kubernetes-wrong-value:4", FILE)


def test_a_file_with_nothing_wrong_passes() -> None:
    (case,) = suites([], SOURCES)["jobs/fine.yaml"]
    assert case.is_passed


def test_nothing_at_all_is_a_report_too() -> None:
    assert suites([], {}) == {}


@given(problems=PROBLEMS, source=ANY)
def test_whatever_it_says_it_is_valid(problems: list[Problem], source: str) -> None:
    found = suites(problems, {FILE: source})
    cases = [case for suite in found.values() for case in suite if not case.is_passed]
    assert len(cases) == len(set(problems))
