"""Policies as clusters enforce them, and what they say of objects: tests/policies/<name>/.

`policy.yaml` has the policy, its bindings and its parameters; `good.yaml` passes; of `bad.yaml`, `bad.txt` is the exact
report. `MLGEN_REGENERATE=1 make test` rewrites the reports; a person then reads every line of the difference aloud.
"""

from pathlib import Path

import pytest
from tests.bad_test import REGENERATE
from tests.conftest import ROOT

from mlgen import document, report
from mlgen.gathered import Setting
from mlgen.linted import lint
from mlgen.node import Node
from mlgen.policy import documents
from mlgen.problem import Problem, in_order

POLICIES = ROOT / "tests" / "policies"
NAMES = sorted(path.name for path in POLICIES.iterdir())
RULES = ("policy", "not-evaluated")


def nodes(path: Path) -> tuple[Node, ...]:
    parsed = document.parse(path.read_bytes(), file=f"policies/{path.name}", dialect="kubernetes")
    assert not parsed.problems
    return parsed.documents


def judged(folder: Path, name: str) -> tuple[list[Problem], dict[str, str]]:
    """What the policy has against a file; other rules have other tests."""
    policy = folder / "policy.yaml"
    setting = Setting("1.34", policies=documents.read(nodes(policy)))
    found = lint({name: (folder / name).read_bytes()}, setting)
    sources = {**found.sources, "policies/policy.yaml": policy.read_text("utf-8")}
    return in_order(problem for problem in found.problems if problem.rule in RULES), sources


@pytest.mark.parametrize("name", NAMES)
def test_what_the_policy_refuses_is_reported(name: str) -> None:
    problems, sources = judged(POLICIES / name, "bad.yaml")
    text = report.render(problems, sources)
    expected = POLICIES / name / "bad.txt"
    if REGENERATE:
        expected.write_bytes(text.encode())
    assert problems
    assert text == expected.read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_policy_allows_passes(name: str) -> None:
    assert judged(POLICIES / name, "good.yaml")[0] == []


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 10
