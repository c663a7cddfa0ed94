"""`mlgen diff --with-platform`: what the work tree becomes under another profile, without git and without a trace."""

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.terminal import BASE, HEAD, mlgen, repository

from mlgen import disk, profiles
from mlgen.platform import load

SPEC = """\
apiVersion: mlgen.dev/v1
kind: Project
name: churn
owner: team
image: ghcr.io/acme/churn:1.0
workloads:
  train: {kind: tensorflow, command: [python, train.py], workers: WORKERS}
  lab: {kind: notebook, users: [anna], environments: [prod]}
environments: {dev: {}, prod: {}}
"""
ALONE, TWO = SPEC.replace("WORKERS", "1"), SPEC.replace("WORKERS", "2")


def tree(root: Path, prod: str, base: str = "", spec: str = ALONE) -> Path:
    return repository(
        root,
        {
            "environments/base.yaml": f"{BASE}{base}",
            "environments/dev.yaml": HEAD.format("Environment", "dev"),
            "environments/prod.yaml": f"{HEAD.format('Environment', 'prod')}{prod}",
            "projects/churn/mlgen.yaml": spec,
        },
    )


def changed(root: Path, *words: str) -> set[str]:
    """The environments in which anything is another."""
    done = mlgen(root, "diff", "--format", "json", *words)
    assert done.code == 0, done.err
    return {one["environment"] for one in json.loads(done.out)["differences"]}


def said(root: Path, wish: profiles.Wish | None = None) -> dict[str, object]:
    """What the platform of prod is in the end."""
    found = load(disk.read_inputs(root)[0], (), wish)
    assert not [one for one in found.problems if one.severity == "error"]
    plain = found.environments["prod"]["platform"].plain()
    assert isinstance(plain, dict)
    return {**plain}


def test_what_an_upgrade_changes_is_shown_and_nothing_is_written(tmp_path: Path) -> None:
    root = tree(tmp_path, "platform: plain\n")
    before = disk.read_inputs(root)
    done = mlgen(root, "diff", "--with-platform", "kubeflow-26.03", "--env", "prod")
    assert done.code == 0
    assert "  + Notebook/lab" in done.out
    assert "  - StatefulSet/lab" in done.out
    assert "in dev" not in done.out
    assert disk.read_inputs(root) == before


def test_the_same_profile_changes_nothing(tmp_path: Path) -> None:
    root = tree(tmp_path, "platform: {profile: kubeflow-26.03, pipelines: job}\n")
    done = mlgen(root, "diff", "--with-platform", "kubeflow-26.03", "--env", "prod", "--exit-code")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "In prod, what stands beside the profile stays as it is: `pipelines: job`.\nNothing that is rendered changes.\n"
    )


def test_every_environment_is_meant_unless_one_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, "", spec=ALONE.replace(", environments: [prod]", ""))
    assert changed(root, "--with-platform", "kubeflow-26.03") == {"dev", "prod"}
    assert changed(root, "--with-platform", "kubeflow-26.03", "--env", "dev") == {"dev"}
    assert mlgen(root, "diff", "--with-platform", "kubeflow-26.03", "--exit-code").code == 1


def test_the_wish_is_the_edit_that_it_stands_for(tmp_path: Path) -> None:
    """Wherever the profile is named, its word alone is another; where none is, single entries give way."""
    for number, (prod, base, edited) in enumerate(
        [
            ("platform: plain\n", "", "platform: newest-2026-08\n"),
            ("platform: {profile: plain, spark: spark-operator-2.5}\n", "", "platform: {profile: newest-2026-08}\n"),
            (
                "platform: {pipelines: job}\n",
                "platform: kubeflow-26.03\n",
                "platform: {profile: newest-2026-08, pipelines: job}\n",
            ),
            ("", "platform: {profile: kubeflow-1.11, mpi: null}\n", "platform: {profile: newest-2026-08, mpi: null}\n"),
            (
                "platform: {serving: kserve-0.16}\n",
                "platform: {spark: spark-operator-2.5}\n",
                "platform: newest-2026-08\n",
            ),
            ("", "", "platform: newest-2026-08\n"),
        ]
    ):
        wished = said(tree(tmp_path / f"{number}-wish", prod, base), profiles.Wish("newest-2026-08", "prod"))
        assert wished == said(tree(tmp_path / f"{number}-edit", edited)), prod + base


def test_kinds_of_the_repository_s_own_run_as_before(tmp_path: Path) -> None:
    root = tmp_path / "own-kinds"
    shutil.copytree(ROOT / "tests" / "cases" / "own-kinds", root)
    assert "platform: {dask: " in (root / "environments" / "dev.yaml").read_text("utf-8")
    done = mlgen(root, "diff", "--with-platform", "plain")
    assert (done.code, done.err) == (0, "")
    assert "ConfigMap/nightly" in done.out  # Argo gives way
    assert "DaskJob" not in done.out


def test_what_the_other_platform_cannot_run_has_a_place(tmp_path: Path) -> None:
    root = tree(tmp_path, "platform: kubeflow-26.03\n", spec=TWO.replace("{dev: {}, prod", "{prod"))
    done = mlgen(root, "diff", "--with-platform", "plain", "--env", "prod")
    assert done.code == 1
    assert "error[needs-operator]: `workers: 2` is distributed TensorFlow" in done.err
    assert " --> projects/churn/mlgen.yaml:7:" in done.err


def test_a_warning_that_comes_with_it_is_shown(tmp_path: Path) -> None:
    root = tree(tmp_path, "platform: {profile: plain, pipelines: argo-workflows-4.1}\n")
    done = mlgen(root, "diff", "--with-platform", "newest-2026-08", "--env", "prod")
    assert "warning[override-changes-nothing]: this changes nothing: `pipelines` is `argo-workflows-4.1`" in done.out
    assert "override-changes-nothing" not in mlgen(root, "diff", "--with-platform", "kubeflow-26.03").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("newst-2026-08",), "there is no profile `newst-2026-08`: did you mean `newest-2026-08`?"),
        (("xyzzy",), "there is no profile `xyzzy`: "),
        (("plain", "--env", "prd"), "there is no environment `prd`: did you mean `prod`?"),
        (("plain", "churm"), "there is no project `churm`: did you mean `churn`?"),
        (
            ("plain", "--base", "main"),
            "--with-platform compares the work tree with itself: leave --base and --head out",
        ),
    ],
)
def test_a_slip_is_said_and_mended(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = mlgen(tree(tmp_path, ""), "diff", "--with-platform", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"mlgen: {message}")
