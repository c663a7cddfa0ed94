"""Specs and environments with one defect each, and the exact report that their author gets: tests/bad/<rule>/.

A case is one file: `x.project.yaml` stands for projects/demo/mlgen.yaml, `x.environment.yaml` for
environments/dev.yaml, `x.releases.yaml` for projects/demo/releases.yaml; or a folder that has several files of a
platform. The rest is PLATFORM. The report stands beside it, `x.project.txt`, or in the folder, `report.txt`.
`MLGEN_REGENERATE=1 make test` rewrites the reports; a person then reads every line of the difference aloud.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import ROOT

from mlgen import catalog, disk, engine, report
from mlgen.commands import FINE, PROBLEMS, console
from mlgen.platform import load
from mlgen.problem import Problem, in_order
from mlgen.rules import risks

BAD = ROOT / "tests" / "bad"
REGENERATE = bool(os.environ.get("MLGEN_REGENERATE")) and not os.environ.get("CI")
PLACES = {
    "project": "projects/demo/mlgen.yaml",
    "environment": "environments/dev.yaml",
    "releases": "projects/demo/releases.yaml",
}
PLATFORM = {
    "environments/base.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: base
registry: {host: registry.example.com/ml}
""",
    "environments/dev.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: dev
domain: dev.example.com
network: {ingress: {class: nginx}}
servers: {tensorflow-serving: "docker.io/tensorflow/serving:2.19.0"}
storage:
  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}
gpus:
  a100: {resource: nvidia.com/gpu, total: 4}
existing: {clusterSecretStores: [vault]}
""",
    "environments/prod.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: prod
protected: true
""",
    "projects/demo/mlgen.yaml": """\
apiVersion: mlgen.dev/v1
kind: Project
name: demo
owner: ml
image: demo:1.0
workloads:
  train: {kind: job}
environments: {dev: {}}
""",
}
# Rules that no small file of a project, an environment or a release can break, and the test that shows each.
ELSEWHERE = {
    "bad-definition": "commands/schema_import",
    "broken-lock": "ownership",
    "busy": "exchange",
    "cannot-read": "disk",
    "cannot-write": "exchange",
    "changed-meanwhile": "exchange",
    "data-size": "apiserver",
    "crd-duplicate-item": "crd/check",
    "crd-rule": "crd/check",
    "edit-by-hand": "edit",
    "foreign-file": "ownership",
    "hand-edited": "ownership",
    "kubernetes-api-unavailable": "kubernetes",
    "kubernetes-missing-field": "kubernetes",
    "kubernetes-unknown-field": "kubernetes",
    "kubernetes-unknown-kind": "kubernetes",
    "kubernetes-wrong-type": "kubernetes",
    "kubernetes-wrong-value": "kubernetes",
    "lost-race": "commands/publish",
    "no-commit": "commands/publish",
    "no-git": "repo",
    "no-identity": "commands/publish",
    "no-release": "commands/release",
    "no-revision": "repo",
    "no-schema": "kubernetes",
    "not-evaluated": "crd/check",
    "not-yet": "schema",  # nothing is, at present
    "policies-without-cel": "policy/offered",
    "not-a-file": "disk",
    "not-carried": "imports",
    "not-importable": "imports",
    "not-the-same": "imports",
    "not-signed": "commands/publish",
    "older-source": "commands/publish",
    "promotion-only": "commands/release",
    "publish-refused": "commands/publish",
    "remote-unreachable": "commands/publish",
    "skipped-stage": "commands/release",
    "stale-lock": "commands/publish",
    "stale-overlay": "ownership",
    "too-complex": "document",
    "too-large": "document",
    "unknown-outcome": "commands/publish",
    "unmerged": "hooks",
    "unknown-source": "commands/publish",
    "unreadable": "document",
    "unversioned-model": "images",
    "unsafe-address": "commands/publish",
    "unsafe-branch": "commands/publish",
    "value-too-long": "document",
}
# What a hand, a script or an enemy may put in the place of any value.
ODD = (
    "",
    "[]",
    "{}",
    '""',
    "0",
    "-1",
    "1.5",
    "true",
    "x",
    "A_b",
    '"{{"',
    '"{{ project.name }}"',
    "[x]",
    "[[]]",
    "{x: 1}",
)


class Bad(NamedTuple):
    """A case: the rule it breaks, its files as a platform has them, and where its report is."""

    rule: str
    name: str
    files: dict[str, Path]
    report: Path


def cases() -> Iterator[Bad]:
    """Every case: a file of a known sort below a rule's folder, or a folder with a platform's files."""
    for path in sorted(BAD.glob("*/*")):
        if path.is_dir():
            files = {inner.relative_to(path).as_posix(): inner for inner in sorted(path.rglob("*")) if inner.is_file()}
            files.pop("report.txt", None)
            yield Bad(path.parent.name, path.name, files, path / "report.txt")
        elif path.suffix != ".txt":
            sort = path.name.split(".")[-2]
            yield Bad(path.parent.name, path.stem, {PLACES[sort]: path}, path.with_suffix(".txt"))


CASES = list(cases())


def written(files: dict[str, Path], root: Path) -> Path:
    """A platform repository with the case's files laid over PLATFORM."""
    for place, data in {
        **{place: text.encode() for place, text in PLATFORM.items()},
        **{place: path.read_bytes() for place, path in files.items()},
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(data)
    return root


def checked(root: Path) -> tuple[list[Problem], str]:
    """What `mlgen validate` finds and prints, in this process."""
    files, problems = disk.read_inputs(root)
    platform = load(files, tuple(problems))
    found = in_order(engine.check(platform, sorted(platform.projects)))
    return found, report.render(found, platform.sources)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}/{case.name}")
def test_the_report_is_the_expected_one(case: Bad, tmp_path: Path) -> None:
    found, text = checked(written(case.files, tmp_path))
    if REGENERATE:
        case.report.write_bytes(text.encode())
    assert text == case.report.read_bytes().decode()
    assert {problem.rule for problem in found} == {case.rule}, "one cause, and nothing that follows from it"
    severe = any(problem.severity == "error" for problem in found)
    assert console.verdict(found) == (PROBLEMS if severe else FINE)
    assert console.verdict(found, strict=True) == PROBLEMS
    assert not set(text) & {chr(code) for code in range(32) if chr(code) != "\n"}, "nothing that steers a terminal"


@pytest.mark.parametrize(
    ("name", "code"),
    [("unknown-key/job-key-mistyped.project", 1), ("unused/data.project", 0), ("not-utf8/latin-1.project", 1)],
)
def test_the_command_prints_the_same(name: str, code: int, tmp_path: Path) -> None:
    (case,) = (case for case in CASES if f"{case.rule}/{case.name}" == name)
    command = [sys.executable, "-m", "mlgen", "validate", "--root", str(written(case.files, tmp_path))]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "CI": "1"})
    assert (done.stdout, done.stderr, done.returncode) == (case.report.read_bytes(), b"", code)


def test_the_platform_without_a_defect_has_no_problem(tmp_path: Path) -> None:
    assert checked(written({}, tmp_path)) == ([], "")


def test_there_are_many_cases_and_each_has_its_report() -> None:
    assert len(CASES) >= 100
    reports = set(BAD.rglob("*.txt"))
    assert reports == {case.report for case in CASES}


def test_every_rule_has_a_case() -> None:
    shown = {case.rule for case in CASES} | {
        path.parent.name for path in (ROOT / "tests/manifests").glob("*/*.bad.yaml")
    }
    assert shown <= set(catalog.RULES)
    assert set(catalog.RULES) - shown - risks.RISKS == set(ELSEWHERE)


def test_what_is_shown_elsewhere_is_shown_there() -> None:
    for rule, test in ELSEWHERE.items():
        assert re.search(rf'"{rule}"', (ROOT / "tests" / f"{test}_test.py").read_text("utf-8")), rule


def replaced(text: str) -> Iterator[str]:
    """``text`` with an odd value in the place of each of its values, one at a time."""
    for match in re.finditer(r"(?<=: )(\{.*\}|\[.*\]|[^\s,{}\[\]]+|\"[^\"]*\")", text):
        yield from (f"{text[: match.start()]}{odd}{text[match.end() :]}" for odd in ODD)


@pytest.mark.parametrize("place", PLATFORM)
def test_odd_values_are_problems_in_their_files_and_never_a_traceback(place: str) -> None:
    for text in replaced(PLATFORM[place]):
        files = {**PLATFORM, place: text}
        platform = load({name: source.encode() for name, source in files.items()})
        found = engine.check(platform, sorted(platform.projects))
        assert report.render(found, platform.sources) or found == []
        for problem in found:
            assert problem.span.line <= files[problem.span.file].count("\n") + 1
            assert problem.message
