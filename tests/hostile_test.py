"""Texts that mean harm, in every role and format: no traceback, no signal, nothing outside, within 5 s and 512 MiB."""

import subprocess
import sys

import pytest
from tests.conftest import ROOT
from tests.hostile import BARE, ROLES, TEXTS, written

SHARES = 61  # each role tries one text of so many, and no two roles the same


def tried(role: str, share: int, of: int) -> int:
    """How many commands ran, in a process that has so much memory and no more."""
    command = [sys.executable, "-m", "tests.hostile", role, str(share), str(of)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-3000:]}"
    return int(done.stdout)


@pytest.mark.parametrize("role", ROLES)
def test_some_texts_in_each_role(role: str) -> None:
    assert tried(role, [*ROLES].index(role), SHARES) > 30


@pytest.mark.proof(count=500 * 17)
@pytest.mark.parametrize("role", ROLES)
def test_every_text_in_every_role_and_format(role: str) -> None:
    assert tried(role, 0, 1) > 8_000


def test_there_are_as_many_as_promised() -> None:
    assert len([*written()]) > 450
    assert len({text for group in (*TEXTS.values(), *BARE.values()) for text in group}) > 300
    assert len(ROLES) > 20
    assert len(ROLES) < SHARES
