"""SARIF: valid by a closed schema of what is written, with true regions and rules that say what to do."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hypothesis import given
from jsonschema import Draft7Validator
from tests.report.problems import ANY, ELSEWHERE, ERROR, FILE, PROBLEMS, SOURCE, SOURCES, WARNING, many

from mlgen.catalog import RULES
from mlgen.problem import Problem, Span
from mlgen.report import render, safe

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "sarif.json").read_text("utf-8")))


def written(problems: list[Problem], sources: dict[str, str]) -> Any:
    log = json.loads(render(problems, sources, format="sarif"))
    assert not [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(log)]
    (run,) = log["runs"]
    return run


def region(source: str, place: Any) -> str:
    """What a viewer marks."""
    lines = source.split("\n")[place["startLine"] - 1 : place["endLine"]]
    lines[-1] = lines[-1][: place["endColumn"] - 1]
    lines[0] = lines[0][place["startColumn"] - 1 :]
    return "\n".join(lines)


def test_a_result_has_its_region_its_rule_and_the_further_places() -> None:
    run = written([WARNING, ERROR], SOURCES)
    error, warning = run["results"]
    assert (error["level"], warning["level"]) == ("error", "warning"), "what GitHub must not leave out comes first"
    assert error["message"]["text"] == "`spec.restartPolicy` cannot be `Always` (help: write `Never`)"
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": FILE, "uriBaseId": "%SRCROOT%"}
    assert region(SOURCE, place["region"]) == "restartPolicy: Always"
    related = error["relatedLocations"][0]
    assert (related["id"], related["message"]["text"]) == (1, "the pods of a Job end")
    rule = run["tool"]["driver"]["rules"][error["ruleIndex"]]
    page = RULES["kubernetes-wrong-value"]
    assert (rule["id"], rule["shortDescription"]["text"]) == (error["ruleId"], page.title)
    assert page.why in rule["help"]["text"]
    assert f"write:\n\n```yaml\n{page.good}\n```" in rule["help"]["markdown"]
    assert rule["helpUri"] == page.source


def test_a_file_elsewhere_has_a_whole_address() -> None:
    (result,) = written([ELSEWHERE], {})["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///tmp/a%20b.yaml"}


def test_nothing_wrong_is_a_run_too() -> None:
    run = written([], {})
    assert run["results"] == run["tool"]["driver"]["rules"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_a_fingerprint_outlives_the_lines_above() -> None:
    moved = ERROR._replace(span=ERROR.span._replace(line=6, end_line=6))
    before, after = written([ERROR], SOURCES), written([moved], {FILE: f"# a\n# b\n{SOURCE}"})
    assert before["results"][0]["partialFingerprints"] == after["results"][0]["partialFingerprints"]


def test_no_two_results_have_one_fingerprint() -> None:
    source = "a: x\n" * 50
    problems = [Problem("r", Span("f", line, 1, line, 2), "m") for line in range(1, 51)]
    results = written(problems, {"f": source})["results"]
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 50


def test_more_results_than_are_taken_are_left_out_and_counted() -> None:
    log = json.loads(render([*many("warning", 25_000), *many("error", 10)], {}, format="sarif"))
    (run,) = log["runs"]
    assert len(run["results"]) == 25_000
    assert [result["level"] for result in run["results"][:11]] == ["error"] * 10 + ["warning"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "10 more problems were left out"


@given(problems=PROBLEMS, source=ANY)
def test_whatever_it_says_it_is_valid(problems: list[Problem], source: str) -> None:
    run = written(problems, {FILE: source})
    assert len(run["results"]) == len(set(problems))
    named = {problem.span.file.encode("utf-8", "surrogatepass") for problem in problems}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"].removeprefix("file://")
        assert unquote(uri, errors="surrogatepass").encode("utf-8", "surrogatepass") in named
        start = (place["region"]["startLine"], place["region"]["startColumn"])
        assert (place["region"].get("endLine", 9), place["region"].get("endColumn", 9)) > start
        text = result["message"]["text"]
        assert text == safe(text) or len(text) > 1000
        assert "](" not in text
