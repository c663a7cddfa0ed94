"""`mlgen diff`: what a change does, in a real git repository, from git objects and the work tree."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.terminal import FILES, JOB, SERVING, Done, mlgen, repository

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
    command = ["git", *who, *arguments]
    return subprocess.run(
        command, cwd=root, env={**os.environ, **GIT}, capture_output=True, check=True, text=True
    ).stdout


def committed(root: Path, message: str = "now") -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "platform")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder)
    return folder


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), "utf-8")


def risks(done: Done) -> list[tuple[str, str]]:
    """By environment, what each difference may do."""
    return [
        (f"{one['project']}/{one['environment']}", risk["rule"])
        for one in json.loads(done.out)["differences"]
        for risk in one["risks"]
    ]


def test_nothing_changed(root: Path) -> None:
    assert mlgen(root, "diff") == Done(0, "", "Nothing that is rendered changes.\n")
    assert mlgen(root, "diff", "--exit-code").code == 0
    assert "nothing that is rendered changes" in mlgen(root, "diff", "--format", "markdown").out


def test_a_comment_changes_nothing(root: Path) -> None:
    edit(root, "projects/hello/mlgen.yaml", "owner: team", "owner: team   # us")
    assert mlgen(root, "diff").out == ""


def test_a_run_and_a_server_by_environment(root: Path) -> None:
    repository(root, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    repository(root, {"projects/web/mlgen.yaml": SERVING.replace(":1.0", ":2.0")})
    done = mlgen(root, "diff")
    assert (done.code, done.err) == (0, "")
    assert re.sub(r"[0-9a-f]{10}", "HASH", done.out) == (
        "hello in dev: 1 changed\n"
        "  !  starts a new run (1 pod, 0.5 CPU, 1Gi): Job/greet-HASH, in place of greet-HASH\n"
        "       kubectl logs -n ml-hello-dev --follow job/greet-HASH\n"
        "     runs ghcr.io/acme/greet:1.1, which has no digest: its tag may move\n"
        "\n"
        "web in dev: 1 changed\n"
        "  !  rolls Deployment/serve: up to 9 pods, 1 more meanwhile (0.5 CPU, 1Gi)\n"
        "     runs ghcr.io/acme/web:2.0, which has no digest: its tag may move\n"
        "\n"
        "web in prod: 1 changed\n"
        "  !  rolls Deployment/serve: up to 9 pods, 1 more meanwhile (0.5 CPU, 1Gi)\n"
        "     runs ghcr.io/acme/web:2.0, which has no digest: its tag may move\n"
        "\n"
        "hello, dev\n"
        "  ~ Job/greet-HASH (was greet-HASH)\n"
        "      spec.template.spec.containers[main].image\n"
        "    -   ghcr.io/acme/greet:1.0\n"
        "    +   ghcr.io/acme/greet:1.1\n"
        "\n"
        "web, dev and prod\n"
        "  ~ Deployment/serve\n"
        "      spec.template.spec.containers[server].image\n"
        "    -   ghcr.io/acme/web:1.0\n"
        "    +   ghcr.io/acme/web:2.0\n"
        "\n"
    )
    assert mlgen(root, "diff", "--exit-code").code == 1
    assert risks(mlgen(root, "diff", "web", "--env", "prod", "--format", "json")) == [
        ("web/prod", "rolls"),
        ("web/prod", "no-digest"),
    ]


def test_a_branch_is_compared_with_where_it_left(root: Path) -> None:
    """What others merged meanwhile is not this branch's doing."""
    git(root, "switch", "--quiet", "--create", "mine")
    repository(root, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    committed(root)
    git(root, "switch", "--quiet", "main")
    repository(root, {"projects/web/mlgen.yaml": SERVING.replace(":1.0", ":2.0")})
    committed(root)
    git(root, "switch", "--quiet", "mine")
    assert {place for place, _ in risks(mlgen(root, "diff", "--base", "main", "--format", "json"))} == {"hello/dev"}
    both = mlgen(root, "diff", "--base", "main", "--head", "mine", "--format", "json")
    assert {place for place, _ in risks(both)} == {"hello/dev", "web/dev", "web/prod"}


def test_neither_work_tree_nor_index_is_touched(root: Path) -> None:
    repository(root, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    git(root, "add", "--all")
    (root / "notes").write_text("mine", "utf-8")
    before = (git(root, "status", "--porcelain"), (root / ".git" / "index").read_bytes())
    assert mlgen(root, "diff", "--base", "HEAD", "--head", "HEAD").code == 0
    assert mlgen(root, "diff").code == 0
    assert (git(root, "status", "--porcelain"), (root / ".git" / "index").read_bytes()) == before


def test_a_project_that_came_and_one_that_goes(root: Path) -> None:
    repository(root, {"projects/new/mlgen.yaml": JOB.replace("name: hello", "name: new")})
    (root / "projects/web/mlgen.yaml").unlink()
    found = risks(mlgen(root, "diff", "--format", "json"))
    assert ("new/dev", "starts-run") in found
    assert ("web/prod", "deletes-workload") in found
    assert ("web/prod", "deletes-namespace") in found


def test_an_environment_changes_every_project(root: Path) -> None:
    edit(root, "environments/prod.yaml", "min: 2", "min: 3")
    assert mlgen(root, "diff", "--format", "json").code == 0
    edit(
        root,
        "environments/base.yaml",
        "name: base\n",
        "name: base\nnamespace: 'x-{{ project.name }}-{{ environment.name }}'\n",
    )
    places = {place for place, _ in risks(mlgen(root, "diff", "--format", "json"))}
    assert places == {"hello/dev", "web/dev", "web/prod"}


def test_what_is_wrong_now_is_said_and_counts(root: Path) -> None:
    edit(root, "projects/hello/mlgen.yaml", "kind: job", "kind: jbo")
    done = mlgen(root, "diff")
    assert done.code == 1
    assert "did you mean `job`?" in done.err


@pytest.mark.parametrize(
    "revision", ["nope", "--upload-pack=x", "HEAD:projects", "a b", "x" * 999, "", "@{-9}", "HEAD^{tree}"]
)
def test_a_revision_that_is_none(root: Path, revision: str) -> None:
    done = mlgen(root, "diff", f"--base={revision}")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_outside_of_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    done = mlgen(repository(tmp_path), "diff")
    assert done.code == 2
    assert "git repository" in done.err


def test_what_a_hook_was_started_with_leads_nowhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git commit -a` exports its index and its folder to hooks."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    repository(root, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    assert ("hello/dev", "starts-run") in risks(mlgen(root, "diff", "--format", "json"))


def test_a_secret_is_shown_in_no_format(root: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    edit(root, "projects/web/mlgen.yaml", "    server: custom", f"    server: custom\n    args: [--x, {token}]")
    for form in ("text", "markdown", "json"):
        done = mlgen(root, "diff", "--format", form)
        assert token not in done.out + done.err


def test_every_file_of_the_platform_is_one_that_git_is_asked_for() -> None:
    from mlgen.disk.named import is_input

    assert all(is_input(path) for path in FILES)
    assert not is_input("projects/x/notes.md")
    assert not is_input("overlays/x/base/kustomization.yaml")
