"""Manifests that an API server refuses, and such as it accepts: `mlgen lint` finds the line, and no line too many.

Each refused file is an accepted one with one defect, so that what differs from the nearest accepted file says where
the defect is: the report has to point there. The reasons stand in REASONS, each read once beside the file's.
"""

import difflib
import json
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.crd.crds import imported
from tests.samples import sound

from mlgen.gathered import Setting
from mlgen.linted import lint
from mlgen.problem import Problem, errors

SHARED = ROOT.parent / "shared"
REFUSED, ACCEPTED = SHARED / "refused", SHARED / "accepted"
REASONS = json.loads((ROOT / "tests" / "refused_reasons.json").read_text("utf-8"))
NEAR = 1  # a missing line shows as its neighbours
# What the API server says of another field than the one that is wrong, and so do we: the whole that lacks something,
# the request that has no limit, the label that is not selected.
PLACES = {
    "022-configmap-over-1mib": 6,
    "038-gpu-request-without-limit": 60,
    "122-selector-template-mismatch": 25,
    "188-ingress-no-rules": 8,
    "242-crd-two-storage": 21,
    "244-cr-cel-min-max": 6,
    "248-cr-missing-required": 6,
}

pytestmark = pytest.mark.skipif(not REFUSED.exists(), reason="needs ../shared/refused and ../shared/accepted")


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern)) if folder.exists() else []


@cache
def accepted() -> list[list[str]]:
    return [path.read_text("utf-8").splitlines() for path in files(ACCEPTED, "*.yaml")]


def changed(lines: list[str], before: list[str]) -> set[int]:
    """The lines, from 1, that are not as before, or that stand beside what is gone."""
    found: set[int] = set()
    for tag, _, _, start, end in difflib.SequenceMatcher(None, before, lines, autojunk=False).get_opcodes():
        if tag != "equal":
            found |= set(range(start + 1, end + 1)) or {start, start + 1}
    return found


def defect(path: Path) -> set[int]:
    """The lines of the one defect: what differs from the accepted file that is most like it."""
    lines = path.read_text("utf-8").splitlines()
    nearest = max(accepted(), key=lambda other: difflib.SequenceMatcher(None, other, lines, autojunk=False).ratio())
    return changed(lines, nearest)


def refused(path: Path, before: Path | None = None) -> list[Problem]:
    bases = {before.name: before.read_bytes()} if before is not None else {}
    return errors(lint({path.name: path.read_bytes()}, setting(), bases).problems)


@cache
def setting() -> Setting:
    """A cluster that has the custom resources of the folder."""
    return Setting("1.34", imported=imported(*(path.read_bytes() for path in files(REFUSED / "crds", "*.yaml"))))


BAD = files(REFUSED, "*.yaml")
UPDATES = files(REFUSED / "updates", "*.after.yaml")
GOOD = files(ACCEPTED, "*.yaml")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_manifest_that_the_api_server_refuses(path: Path) -> None:
    found = refused(path)
    assert found, "not refused"
    assert {problem.rule for problem in found} == {REASONS[path.stem]}
    lines = {line for problem in found for line in range(problem.span.line - NEAR, problem.span.line + NEAR + 1)}
    wanted = {PLACES[path.stem]} if path.stem in PLACES else defect(path)
    assert lines & wanted, f"at {sorted(lines)}, and the defect is at {sorted(wanted)}"


@pytest.mark.parametrize("path", UPDATES, ids=lambda path: path.stem)
def test_an_update_that_the_api_server_refuses(path: Path) -> None:
    before = path.with_name(path.name.replace(".after.", ".before."))
    assert refused(before) == []
    found = refused(path, before)
    assert {problem.rule for problem in found} == {REASONS[path.stem]}
    lines = changed(path.read_text("utf-8").splitlines(), before.read_text("utf-8").splitlines())
    assert {problem.span.line for problem in found} & lines


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_manifest_that_the_api_server_accepts(path: Path) -> None:
    assert refused(path) == []


def test_the_sound_upstream_samples_have_no_error() -> None:
    paths = sound()
    assert len(paths) > 500
    found = {path: errors(lint({path.name: path.read_bytes()}, setting()).problems) for path in paths}
    wrong = [f"{path.name}:{one.span.line} {one.rule}: {one.message}" for path in paths for one in found[path]]
    assert not wrong, "\n".join(wrong[:40])
