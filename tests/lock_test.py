"""mlgen.lock: its exact text, that it comes back, what is no lock, and git's conflict markers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen import lock

TEXT = """\
{
  "files": {
    "kustomization.yaml": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
    "patches/job-train.yaml": "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730"
  },
  "runs": [
    "Job/train-1a2b3c4d5e"
  ]
}
"""


def test_text_is_exactly_this() -> None:
    files = {"patches/job-train.yaml": "bar\n", "mlgen.lock": "itself", "kustomization.yaml": "foo\n"}
    assert lock.dump(files, ["Job/train-1a2b3c4d5e"]) == TEXT


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))), st.sets(st.text())
)
def test_what_is_written_comes_back(files: dict[str, str], runs: set[str]) -> None:
    found = lock.parse(lock.dump(files, runs))
    assert found is not None
    assert found.files == {path: lock.digest(text.encode()) for path, text in files.items() if path != lock.NAME}
    assert found.runs == tuple(sorted(runs))


def test_order_of_what_goes_in_does_not_matter() -> None:
    assert lock.dump({"b": "1", "a": "2"}, ["y", "x"]) == lock.dump({"a": "2", "b": "1"}, ["x", "y"])


def test_line_ends_of_a_windows_checkout_are_no_edit() -> None:
    assert lock.digest(b"a: 1\r\nb: 2\r\n") == lock.digest(b"a: 1\nb: 2\n")
    assert lock.digest(b"a: 1\rb: 2\n") != lock.digest(b"a: 1\nb: 2\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"files": {}}',
        '{"files": {}, "runs": [], "version": 1}',
        '{"files": [], "runs": []}',
        '{"files": {"a": 1}, "runs": []}',
        '{"files": {"a": "123"}, "runs": []}',
        '{"files": {}, "runs": {}}',
        '{"files": {}, "runs": [1]}',
        TEXT[:-4],
        TEXT.upper(),
        "[" * 100_000,
        "1" * 10_000,
    ],
)
def test_what_is_no_lock_is_none(text: str) -> None:
    assert lock.parse(text) is None


def conflict(ours: str, theirs: str, ancestor: str = "") -> str:
    middle = f"||||||| 1234567\n{ancestor}" if ancestor else ""
    return f"<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> feature/x\n"


@pytest.mark.parametrize("ancestor", ["", "  old\n"])
def test_both_sides_of_a_conflict_are_found(ancestor: str) -> None:
    text = "a\n" + conflict("one\n", "two\n", ancestor) + "b\n" + conflict("", "three\n", ancestor) + "c\n"
    assert lock.conflicted(text)
    assert lock.sides(text) == ("a\none\nb\nc\n", "a\ntwo\nb\nthree\nc\n")
    assert lock.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        "=======\n",
        "<<<<<<< HEAD\n",
        "<<<<<<< HEAD\na\n=======\nb\n",
        " <<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
        "<<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
        "<<<<<<< HEAD\na\n======= no\nb\n",
    ],
)
def test_text_without_a_whole_conflict_has_one_side(text: str) -> None:
    assert lock.sides(text) == (text,)
    assert not lock.conflicted(text)


def test_hostile_markers_cost_no_more_than_their_length() -> None:
    assert not lock.conflicted("<<<<<<< a\n" * 200_000 + "=======\n")


def test_a_lock_names_no_version_and_no_time() -> None:
    assert json.loads(TEXT).keys() == {"files", "runs"}
