"""Words in, the line for KubeRay out; the oracles are the hands that it goes through: bash, Python's join, sh."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgen.entrypoint import line

SHOWN = 'printf "%s\\0" '


def words_of(shell: str, text: str) -> list[str]:
    """What a real shell makes of ``text``."""
    done = subprocess.run([shell, "-c", SHOWN + text], capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


def arriving(words: list[str]) -> list[str]:
    """What the head runs: the submitter's shell, `ray job submit`, the head's shell."""
    return words_of("sh", subprocess.list2cmdline(words_of("bash", line(words))))


@pytest.mark.parametrize(
    "words",
    [
        ["python", "-m", "churn.tune"],
        ["python", "-c", "print('a b', \"c\")"],
        ["python", "tune.py", "--space={depth: [2, 4]}", "--name=a;b|c&d", "$HOME", "`id`", "*", "~"],
        ["sh", "-c", "echo one\necho  two"],
        ["x", "", " ", "a ", " a", "it's", '"', '\\"', "\\", "\\\\", "a\\ b"],
    ],
)
def test_the_same_words_arrive(words: list[str]) -> None:
    assert arriving(words) == words


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aB -'\"\\$`(){};*&|<>é!#~[]=\n", max_size=9), min_size=1, max_size=4))
def test_whatever_the_words_are(words: list[str]) -> None:
    assert arriving(["x", *words]) == ["x", *words]


def test_plain_words_stay_as_they_are() -> None:
    assert line(["python", "-m", "churn.tune", "--lr=0.1"]) == "python -m churn.tune --lr=0.1"


def test_a_tab_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="tab"):
        line(["a\tb"])
