"""Kubernetes manifests with a defect, and the exact report that `mlgen lint` gives: tests/manifests/<rule>/.

`x.bad.yaml` has whatever breaks the rule (several documents, if that shows more of it), and nothing else wrong;
`x.txt` beside it is its report. `x.good.yaml` is what must pass. `x.environment.yaml` beside either is the environment
that they are meant for, laid over nothing; `x.before.yaml` is what the objects are an update of. What is no good
practice is judged in the cases about that alone: others would be long.
`MLGEN_REGENERATE=1 make test` rewrites the reports; a person then reads every line of the difference aloud.
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.bad_test import REGENERATE
from tests.conftest import ROOT

from mlgen import links, practice, report
from mlgen.gathered import Setting
from mlgen.linted import Linted, lint
from mlgen.platform import load
from mlgen.problem import in_order
from mlgen.trace import said

MANIFESTS = ROOT / "tests" / "manifests"
MINOR = "1.34"
PRACTICE = {rule.id for rule in practice.RULES}


class Case(NamedTuple):
    """A file of manifests."""

    rule: str
    path: Path

    @property
    def stem(self) -> Path:
        """Its path without `.bad.yaml`."""
        return self.path.with_name(self.path.name.split(".")[0])

    def linted(self) -> Linted:
        """What lint has against it; but what a case of another rule refers to may be anywhere."""
        environment, before = (self.stem.with_suffix(f".{sort}.yaml") for sort in ("environment", "before"))
        setting = Setting(MINOR)
        if environment.exists():
            platform = load({f"environments/{self.stem.name}.yaml": environment.read_bytes()})
            assert not platform.problems
            (offer,) = platform.environments.values()
            setting = Setting(said(offer["kubernetes"]), offer)
        old = {before.name: before.read_bytes()} if before.exists() else {}
        found = lint({self.path.name: self.path.read_bytes()}, setting, old)
        others = (links.MISSING | PRACTICE) - {self.rule}
        return found._replace(problems=[one for one in found.problems if one.rule not in others])


def cases(sort: str) -> list[Case]:
    return [Case(path.parent.name, path) for path in sorted(MANIFESTS.glob(f"*/*.{sort}.yaml"))]


BAD, GOOD = cases("bad"), cases("good")


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.rule}/{case.stem.name}")
def test_the_report_is_the_expected_one(case: Case) -> None:
    found = case.linted()
    text = report.render(in_order(found.problems), found.sources)
    expected = case.stem.with_suffix(".txt")
    if REGENERATE:
        expected.write_bytes(text.encode())
    assert text == expected.read_bytes().decode()
    assert {problem.rule for problem in found.problems} == {case.rule}, "one cause, and nothing that follows from it"


@pytest.mark.parametrize("case", GOOD, ids=lambda case: f"{case.rule}/{case.stem.name}")
def test_what_keeps_the_rule_passes(case: Case) -> None:
    assert case.linted().problems == []


def test_a_rule_that_has_a_bad_case_has_a_good_one() -> None:
    assert {case.rule for case in BAD} == {case.rule for case in GOOD}


def test_nothing_else_lies_there() -> None:
    known = {case.path for case in (*BAD, *GOOD)} | {case.stem.with_suffix(".txt") for case in BAD}
    beside = {case.stem.with_suffix(f".{sort}.yaml") for case in (*BAD, *GOOD) for sort in ("environment", "before")}
    assert known <= set(MANIFESTS.glob("*/*")) <= known | beside
