"""Components as users meet them: where a value is from, what a change of one touches, what cannot be published."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.commands.diff_test import committed, git
from tests.conftest import ROOT
from tests.terminal import mlgen

CASE = ROOT / "tests" / "cases" / "components"


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "platform"))


def test_a_value_of_a_component_says_where_it_is_from() -> None:
    done = mlgen(CASE, "explain", "churn/prod:StatefulSet/lab-anna:spec.template.spec.terminationGracePeriodSeconds")
    assert done.code == 0
    assert "component shared-home  components/shared-home/grace.yaml:1:" in done.out


def test_only_environments_that_name_it_change(platform: Path) -> None:
    file = platform / "components/shared-home/grace.yaml"
    file.write_text(file.read_text("utf-8").replace("60", "90"))
    done = mlgen(platform, "render")
    assert done.code == 0
    assert mlgen(platform, "check").code == 0
    changed = {
        path.relative_to(platform).parts[2]
        for path in (platform / "overlays").rglob("*")
        if path.is_file() and path.read_bytes() != (CASE / path.relative_to(platform)).read_bytes()
    }
    assert changed == set(), "a component is referred to: what it changes stands in it alone"
    built = mlgen(platform, "build", "churn", "--env", "prod").out
    assert "terminationGracePeriodSeconds: 90" in built
    assert "terminationGracePeriodSeconds: 90" not in mlgen(platform, "build", "churn", "--env", "dev").out


def test_diff_says_what_a_component_changes(platform: Path) -> None:
    git(platform, "init", "--quiet")
    committed(platform)
    file = platform / "components/shared-home/grace.yaml"
    file.write_text(file.read_text("utf-8").replace("60", "90"))
    done = mlgen(platform, "diff", "--base", "HEAD")
    assert "terminationGracePeriodSeconds" in done.out
    assert "prod" in done.out
    assert "dev" not in done.out


def test_what_fits_an_environment_has_to_fit_its_base(platform: Path) -> None:
    """Kustomize lays a component over base's objects before it comes to the environment's own changes."""
    spec = platform / "projects/churn/mlgen.yaml"
    spec.write_text(spec.read_text("utf-8").replace("memory: 4Gi}}", "memory: 4Gi}, env: {LEVEL: high}}"))
    grace = platform / "components/shared-home/grace.yaml"
    grace.write_text("- {op: replace, path: /spec/template/spec/containers/0/env/0/value, value: low}\n")
    done = mlgen(platform, "render", "--format", "concise")
    assert done.code == 1
    assert "components/shared-home/grace.yaml:1:" in done.out + done.err
    assert "bad-component" in done.out + done.err


def test_overlays_that_need_a_component_are_not_published_without_it(platform: Path, tmp_path: Path) -> None:
    git(platform, "init", "--quiet", "--initial-branch", "main")
    committed(platform)
    remote = tmp_path / "deploy.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    command = ("publish", "--repository", str(remote), "--branch", "deploy")
    done = mlgen(platform, *command)
    assert done.code == 2
    assert "components/shared-home" in done.err
    assert "--layout hydrated" in done.err
    assert mlgen(platform, *command, "--layout", "hydrated", "--dry-run").code == 0


def test_a_file_that_a_component_does_not_name_is_none_of_ours(platform: Path) -> None:
    from mlgen.disk.named import is_input

    assert is_input("components/shared-home/kustomization.yaml")
    assert is_input("components/a/b/x.yaml")
    assert not is_input("components/x.yaml")
    assert not is_input("components/a/readme.md")


def test_lint_leaves_what_a_component_changes_to_check() -> None:
    done = mlgen(CASE, "lint", "overlays")
    assert (done.code, done.out) == (0, "")
    assert "1 overlay with components: what a cluster gets of those, only `mlgen check` knows" in done.err
    assert "1 overlay that mlgen rendered: checked" in done.err


def test_a_folder_that_no_environment_names_is_nobodys_business(platform: Path) -> None:
    other = platform / "components" / "of-somebody-else"
    other.mkdir()
    (other / "kustomization.yml").write_text("kind: Component\nimages: [{name: x}]\n")
    (other / "broken.yaml").write_text("a: [\n")
    assert mlgen(platform, "validate", "--strict").code == 0
    git(platform, "init", "--quiet")
    git(platform, "add", "--all")
    assert mlgen(platform, "validate", "--staged", "--strict").code == 0
