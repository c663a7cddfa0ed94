"""Our hooks, run by the real pre-commit on real commits: each state of a commit, and where hooks go astray.

The hooks are those of .pre-commit-hooks.yaml, word for word but for the language: pre-commit takes the `mlgen` that is
tested. One test lets it install this repository, as a team's configuration does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.terminal import BASE, DEV, JOB, SERVING, Done, mlgen, repository

pytest.importorskip("pre_commit", reason="pre-commit is not installed")

ROOT = Path(__file__).parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
HIDDEN = ("CI", "NO_COLOR", "PRE_COMMIT", "SKIP")
WEB, NEW = "projects/web/mlgen.yaml", "projects/new/mlgen.yaml"
GITOPS = "gitops: {engine: flux, repository: 'https://git.example.com/acme/ml.git'}"
EDITED = "overlays/web/dev/kustomization.yaml"


class Team:
    """A platform repository with hooks, and somebody who works in it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        binaries = home / "bin"
        binaries.mkdir(parents=True)
        (binaries / "mlgen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m mlgen "$@"\n')
        (binaries / "mlgen").chmod(0o755)
        self.environ = {
            **{name: value for name, value in os.environ.items() if name not in HIDDEN and name[:4] != "GIT_"},
            **GIT,
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(home / "cache"),
        }

    def run(self, *arguments: str, at: Path | None = None) -> Done:
        """How one program ended."""
        done = subprocess.run(arguments, cwd=at or self.root, env=self.environ, capture_output=True, check=False)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """What git printed; it must not fail."""
        done = self.run("git", *arguments, at=at)
        assert done.code == 0, done.out + done.err
        return done.out

    def hook(self, name: str, *arguments: str) -> Done:
        """One hook by pre-commit."""
        return self.run(sys.executable, "-m", "pre_commit", "run", f"mlgen-{name}", *arguments)

    def configure(self, *names: str, **more: object) -> None:
        """Have the hooks ``names``, and let git call them."""
        hooks = [{**hook, "language": "system", **more} for hook in HOOKS if hook["id"].removeprefix("mlgen-") in names]
        assert len(hooks) == len(names)
        text = yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})
        (self.root / ".pre-commit-config.yaml").write_text(text)

    def install(self) -> None:
        """Let git call them."""
        for stage in ("pre-commit", "pre-merge-commit"):
            done = self.run(sys.executable, "-m", "pre_commit", "install", "--hook-type", stage)
            assert done.code == 0, done.out + done.err

    def commit(self, *arguments: str, at: Path | None = None) -> Done:
        """`git commit`, with whatever hooks there are."""
        return self.run("git", "commit", "--quiet", "--message", "x", *arguments, at=at)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """All that is rendered is committed."""
    found = Team(repository(tmp_path / "platform"), tmp_path / "home")
    assert mlgen(found.root, "render").code == 0
    found.configure("validate", "check", "render")
    found.git("init", "--quiet", "--initial-branch", "main")
    found.git("add", "--all")
    assert found.commit().code == 0
    return found


def edit(team: Team, path: str, old: str, new: str) -> None:
    text = (team.root / path).read_text("utf-8")
    assert old in text
    (team.root / path).write_text(text.replace(old, new), "utf-8")


def nothing(_team: Team) -> None:
    """What is committed is current."""


def new(team: Team) -> None:
    repository(team.root, {NEW: SERVING.replace("name: web", "name: new")})


def changed(team: Team) -> None:
    edit(team, WEB, "web:1.0", "web:1.1")


def wrong(team: Team) -> None:
    edit(team, WEB, "kind: serving", "kind: servng")


def deleted(team: Team) -> None:
    shutil.rmtree(team.root / "projects" / "web")


def renamed(team: Team) -> None:
    shutil.move(team.root / "projects" / "web", team.root / "projects" / "new")
    edit(team, NEW, "name: web", "name: new")


def edited(team: Team) -> None:
    edit(team, EDITED, "resources:", "resources:  # mine")


def foreign(team: Team) -> None:
    (team.root / "overlays/web/dev/own.yaml").write_text("mine\n")


def environment_changed(team: Team) -> None:
    edit(team, "environments/prod.yaml", "name: prod", "name: prod\nnamespace: 'x-{{ project.name }}'")


def environment_deleted(team: Team) -> None:
    (team.root / "environments/prod.yaml").unlink()


def environment_wrong(team: Team) -> None:
    edit(team, "environments/base.yaml", "name: base", "name: base\nkubernetes: '9.99'")


def releases_wrong(team: Team) -> None:
    text = "apiVersion: mlgen.dev/v1\nkind: Releases\nenvironment: {dev: {}}\n"
    repository(team.root, {"projects/web/releases.yaml": text})


def misnamed(team: Team) -> None:
    repository(team.root, {"projects/new/mlgen.yml": SERVING.replace("name: web", "name: new")})


# What each hook says of each state; a code of 1 stops the commit.
STATES = [
    (nothing, "", "", ""),
    (new, "", "`overlays/new` is not rendered yet", "Next: git add overlays/new\n"),
    (changed, "", "stale-overlay", "Next: git add overlays/web\n"),
    (wrong, "cannot be `servng`", "cannot be `servng`", "Nothing was written."),
    (deleted, "", "the specs no longer make `overlays/web`", "Next: git add overlays/web\n"),
    (renamed, "", "the specs no longer make `overlays/web`", "Next: git add overlays/new overlays/web\n"),
    (edited, "", "hand-edited", "Nothing was written."),
    (foreign, "", "", ""),
    (environment_changed, "", "stale-overlay", "Next: git add overlays/web\n"),
    (environment_deleted, "unknown-environment", "unknown-environment", "Nothing was written."),
    (environment_wrong, "9.99", "9.99", "Nothing was written."),
    (releases_wrong, "unknown-key", "unknown-key", "Nothing was written."),
    (misnamed, "wrong-file-name", "wrong-file-name", "Nothing was written."),
]


@pytest.mark.parametrize(("state", "validate", "check", "render"), STATES, ids=[state[0].__name__ for state in STATES])
def test_a_state_of_a_commit(team: Team, state: object, validate: str, check: str, render: str) -> None:
    assert callable(state)
    state(team)
    team.git("add", "--all")
    for hook, said in (("validate", validate), ("check", check), ("render", render)):
        done = team.hook(hook)
        assert (done.code, said in done.out) == (int(bool(said)), True), f"{hook}: {done.out}{done.err}"
    if render.startswith("Next"):
        assert team.hook("render").code == 1, "what is rendered is not added yet"
        team.git("add", *render.removeprefix("Next: git add ").split())
        assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 0, 0]
        assert mlgen(team.root, "check").code == 0


def test_an_overlay_that_nobody_added_is_missing(team: Team) -> None:
    """It lies there, so that the work tree is current; the commit would not be."""
    new(team)
    assert mlgen(team.root, "render").code == 0
    team.git("add", "projects")
    done = team.hook("check")
    assert done.code == 1
    assert "`overlays/new` is not rendered yet" in done.out
    assert team.hook("render").code == 1
    team.git("add", "overlays/new/base", "overlays/new/dev")
    assert "overlays/new/prod" in team.hook("check").out
    team.git("add", "overlays/new")
    assert team.hook("check").code == team.hook("render").code == 0


def test_what_points_at_an_overlay_is_to_be_added_with_it(team: Team) -> None:
    edit(team, "environments/base.yaml", "name: base", f"name: base\n{GITOPS}")
    team.git("add", "--all")
    said = "git add overlays/clusters/dev/hello.yaml overlays/clusters/dev/web.yaml overlays/clusters/prod/web.yaml"
    done = team.hook("render")
    assert (done.code, said in done.out) == (1, True), done.out
    team.git("add", "overlays/hello", "overlays/web", "overlays/clusters/dev")
    assert team.hook("check").code == team.hook("render").code == 1
    team.git("add", "overlays/clusters")
    assert team.hook("check").code == team.hook("render").code == 0


def test_a_project_that_nobody_added_stops_nobody(team: Team) -> None:
    """pre-commit leaves it where it lies, half-written as it is."""
    repository(team.root, {NEW: "half: written"})
    changed(team)
    team.git("add", "--update")
    assert team.hook("validate").code == 0
    (team.root / NEW).unlink()
    assert mlgen(team.root, "render").code == 0
    repository(team.root, {NEW: "half: written"})
    team.git("add", "--update")
    assert team.hook("check").code == 0


def test_what_is_not_staged_neither_stops_nor_saves_a_commit(team: Team) -> None:
    wrong(team)
    (team.root / "notes").write_text("x")
    team.git("add", "notes")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 0, 0]
    assert "servng" in (team.root / WEB).read_text(), "and pre-commit gave it back"
    team.git("add", WEB)
    edit(team, WEB, "servng", "serving")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [1, 1, 1]


def test_a_file_that_is_staged_in_part(team: Team) -> None:
    changed(team)
    assert mlgen(team.root, "render").code == 0
    team.git("add", "--all")
    edit(team, WEB, "web:1.1", "web:1.2")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 0, 0]
    assert "web:1.2" in (team.root / WEB).read_text()
    assert mlgen(team.root, "check").code == 1
    assert mlgen(team.root, "check", "--staged") == Done(0, "", "2 projects up to date\n")


def test_it_is_what_a_commit_has_and_not_what_the_index_had(team: Team) -> None:
    """`git commit --all` and `git commit FILE` make an index of their own and name it to the hook."""
    team.configure("check")
    team.git("commit", "--quiet", "--all", "--message", "hooks")
    team.install()
    changed(team)
    assert team.commit("--all").code == 1
    assert mlgen(team.root, "render").code == 0
    done = team.commit(WEB)
    assert done.code == 1, "the overlays are not in it"
    assert "stale-overlay" in done.out + done.err
    assert team.commit("--all").code == 0
    assert team.git("status", "--porcelain") == ""


def test_a_commit_in_another_worktree(team: Team, tmp_path: Path) -> None:
    """Git names its folder to the hook there: GIT_DIR, GIT_INDEX_FILE."""
    team.install()
    other = tmp_path / "other"
    team.git("worktree", "add", "--quiet", str(other), "-b", "other")
    there = Team.__new__(Team)
    there.root, there.environ = other, team.environ
    changed(there)
    there.git("add", "--all")
    done = there.commit()
    assert done.code == 1
    assert "git add overlays/web" in done.out + done.err
    there.git("add", "--all")
    assert there.commit().code == 0
    assert team.git("status", "--porcelain") == "", "and nothing happened to the first one"


def test_a_merge_of_two_good_branches_may_be_stale(team: Team) -> None:
    """Each renders right; together they do not. Git calls another hook there: pre-merge-commit."""
    team.configure("check")
    team.git("commit", "--quiet", "--all", "--message", "hooks")
    team.git("checkout", "--quiet", "-b", "side")
    new(team)
    assert mlgen(team.root, "render").code == 0
    team.git("add", "--all")
    assert team.commit().code == 0
    team.git("checkout", "--quiet", "main")
    environment_changed(team)
    assert mlgen(team.root, "render").code == 0
    assert team.commit("--all").code == 0
    team.install()
    done = team.run("git", "merge", "--quiet", "--no-edit", "side")
    assert done.code != 0
    assert "overlays/new" in done.out + done.err
    assert mlgen(team.root, "render").code == 0
    team.git("add", "--all")
    assert team.commit().code == 0


def test_while_a_file_has_two_sides_nothing_is_judged(team: Team) -> None:
    changed(team)
    team.git("checkout", "--quiet", "-b", "side")
    assert team.commit("--all").code == 0
    team.git("checkout", "--quiet", "main")
    edit(team, WEB, "web:1.0", "web:2.0")
    assert team.commit("--all").code == 0
    assert team.run("git", "merge", "side").code != 0
    done = mlgen(team.root, "check", "--staged")
    assert (done.code, done.out) == (2, "")
    rule = "unmerged"
    assert f"error[{rule}]: git could not merge {WEB}, so it would commit nothing" in done.err


def test_in_a_pull_request_all_of_it_is_looked_at(team: Team) -> None:
    base = team.git("rev-parse", "HEAD").strip()
    deleted(team)
    team.git("add", "--all")
    assert team.commit().code == 0
    for arguments in (("--all-files",), ("--from-ref", base, "--to-ref", "HEAD")):
        assert [team.hook(hook, *arguments).code for hook in ("validate", "check", "render")] == [0, 1, 1], arguments
        team.git("checkout", "--quiet", "overlays")


def test_a_platform_below_the_top_of_its_repository(team: Team) -> None:
    (team.root / "ml").mkdir()
    for name in ("environments", "projects", "overlays"):
        team.git("mv", name, f"ml/{name}")
    team.configure("validate", "check", "render", args=["--root", "ml"])
    team.git("add", "--all")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 0, 0]
    edit(team, f"ml/{WEB}", "web:1.0", "web:1.1")
    team.git("add", "--all")
    done = team.hook("check")
    assert done.code == 1
    assert "--> ml/overlays/web/base/deployment-serve.yaml:1:1" in done.out
    assert team.commit("--all", "--no-verify").code == 0
    team.install()
    edit(team, f"ml/{WEB}", "web:1.1", "web:1.0")
    assert team.commit("--all").code == 0, "this index lies elsewhere than the platform"


def test_a_hook_of_one_repository_may_look_at_another(team: Team, tmp_path: Path) -> None:
    """What git tells the hook is of the repository that is committed to, not of the one that is looked at."""
    other = Team(tmp_path / "specs", tmp_path / "home2")
    other.root.mkdir()
    other.git("init", "--quiet")
    other.configure("check", args=["--root", str(team.root)])
    other.git("add", "--all")
    other.install()
    assert other.commit("--all").code == 0
    changed(team)
    team.git("add", "--all")
    (other.root / "x").write_text("x")
    other.git("add", "--all")
    done = other.commit()
    assert done.code == 1
    assert "overlays/web" in done.out + done.err


def test_outside_of_a_repository_nothing_is_staged(tmp_path: Path) -> None:
    root = repository(tmp_path / "apart")
    for command in ("validate", "check", "render"):
        done = mlgen(root, command, "--staged")
        assert done.code == 2
        assert done.err.endswith(f"mlgen: {root} is in no git repository, so nothing is staged there\n")
    assert not (root / "overlays").exists()


def test_links_and_submodules_are_not_followed_and_said(team: Team) -> None:
    shutil.move(team.root / "projects" / "web", team.root / "elsewhere")
    (team.root / "projects" / "web").symlink_to("../elsewhere")
    team.git("add", "--all")
    done = mlgen(team.root, "check", "--staged", "--format", "concise")
    assert done.code == 1
    assert "projects/web:1:1: error[not-a-file] this is a link or a submodule" in done.out


def test_everything_else_is_as_in_the_work_tree(team: Team) -> None:
    """One state, two ways to read it, in every format."""
    for change in (changed, edited, foreign, misnamed):
        change(team)
    repository(
        team.root, {"environments/x.yml": DEV, "policies/a/B.YAML": BASE, "projects/hello/mlgen.yaml": JOB + "#"}
    )
    team.git("add", "--all")
    for form in ("text", "json", "sarif"):
        for command in ("validate", "check"):
            assert mlgen(team.root, command, "--format", form) == mlgen(
                team.root, command, "--staged", "--format", form
            )


def test_as_a_team_has_them(team: Team, tmp_path: Path) -> None:
    """pre-commit clones this repository and installs it with pip, then runs it."""
    source = tmp_path / "mlgen"
    team.git("clone", "--quiet", str(ROOT), str(source), at=tmp_path)
    for path in team.git("ls-files", "-z", "--others", "--modified", "--exclude-standard", at=ROOT).split("\0")[:-1]:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_file():
            shutil.copyfile(ROOT / path, source / path)
    team.git("add", "--all", at=source)
    team.commit("--allow-empty", at=source)
    rev = team.git("rev-parse", "HEAD", at=source).strip()
    hooks = [{"id": f"mlgen-{name}"} for name in ("validate", "check", "render")]
    text = yaml.safe_dump({"repos": [{"repo": str(source), "rev": rev, "hooks": hooks}]})
    (team.root / ".pre-commit-config.yaml").write_text(text)
    done = team.run(sys.executable, "-m", "pre_commit", "install-hooks")
    if done.code != 0 and any(word in done.out for word in ("No matching distribution", "Could not find a version")):
        pytest.skip("pip reaches no package index here")
    assert done.code == 0, done.out
    changed(team)
    team.git("add", "--all")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 1, 1]
    team.git("add", "--all")
    assert [team.hook(hook).code for hook in ("validate", "check", "render")] == [0, 0, 0]
