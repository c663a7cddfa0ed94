"""`mlgen platform`: the profiles, and what each kind runs on there."""

import json
from pathlib import Path

import pytest
from tests.terminal import Done, mlgen

from mlgen import profiles
from mlgen.kinds import KINDS

PAGE = """\
kubeflow-1.11: Kubeflow's community distribution 1.11, of December 2025.

  autoscaler  kubernetes
  job         job
  mpi         kubeflow-training-1.9    1.9.2
"""


def test_every_profile_has_a_line(tmp_path: Path) -> None:
    done = mlgen(tmp_path, "platform", "list")
    assert done == mlgen(tmp_path, "platform")
    assert [line.split()[0] for line in done.out.splitlines()] == list(profiles.names())
    assert done.out.splitlines()[0] == "plain           Kubernetes alone: no operator at all."


def test_a_page_looks_like_this(tmp_path: Path) -> None:
    done = mlgen(tmp_path, "platform", "show", "kubeflow-1.11")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(PAGE)
    assert "  ray         -                        nothing here runs it\n" in done.out
    assert "serving: Its KServe 0.15 " in done.out


@pytest.mark.parametrize("name", profiles.names())
def test_a_page_has_a_line_for_every_kind(tmp_path: Path, name: str) -> None:
    lines = mlgen(tmp_path, "platform", "show", name).out.splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ")} >= {*KINDS, "pipelines"}
    assert f"In an environment: `platform: {name}`, or with what differs from it beside it:" in lines


def test_a_program_gets_all_of_it(tmp_path: Path) -> None:
    one = json.loads(mlgen(tmp_path, "platform", "show", "plain", "--format", "json").out)
    every = json.loads(mlgen(tmp_path, "platform", "list", "--format", "json").out)
    assert (one["schema_version"], one["name"], one["platform"]["spark"]) == (1, "plain", None)
    assert [entry["name"] for entry in every["profiles"]] == list(profiles.names())
    assert {"schema_version": 1, **every["profiles"][0]} == one


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show",), "no profile is named: one of plain, "),
        (("show", "kubflow-26.03"), "there is no profile `kubflow-26.03`: did you mean `kubeflow-26.03`?\n"),
        (("show", "xyzzy"), "there is no profile `xyzzy`: "),
        (("shw", "plain"), "there is no `mlgen platform shw`: did you mean `show`?\n"),
        (("list", "plain"), "`mlgen platform list` takes no name: `mlgen platform show plain` does\n"),
    ],
)
def test_a_slip_is_said_and_mended(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = mlgen(tmp_path, "platform", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"mlgen: {message}")


def test_help_begins_with_examples(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "platform", "--help") == Done(0, mlgen(tmp_path, "platform", "-h").out, "")
    assert mlgen(tmp_path, "platform", "--help").out.startswith("Examples:\n  mlgen platform list\n")
