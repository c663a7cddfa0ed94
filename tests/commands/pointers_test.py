"""Pointers, command by command: rendered, checked, compared, explained, staged and published like all else."""

import json
from pathlib import Path

import pytest
import yaml
from tests.commands.diff_test import committed, edit, git
from tests.terminal import FILES, Done, mlgen, repository

GITOPS = 'gitops: {engine: %s, repository: "https://git.example.com/acme/ml.git"}\n'
PLACE = "overlays/clusters/dev/hello.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform whose environments are delivered by one engine each, as a repository."""
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Anna\n\temail = anna@example.com\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    files = {
        **FILES,
        "environments/dev.yaml": FILES["environments/dev.yaml"] + GITOPS % "argocd",
        "environments/prod.yaml": GITOPS % "flux" + FILES["environments/prod.yaml"],
    }
    folder = repository(tmp_path / "platform", files)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder)
    return folder


@pytest.fixture
def rendered(root: Path) -> Path:
    assert mlgen(root, "render").code == 0
    committed(root, "rendered")
    return root


def pointers(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.glob("overlays/clusters/*/*")}


def kinds(text: str) -> list[str]:
    return [body["kind"] for body in yaml.safe_load_all(text)]


def rules(done: Done) -> list[tuple[str, str]]:
    """Each problem, and where it is."""
    lines = (done.out + done.err).split("\n")
    heads = [(number, line) for number, line in enumerate(lines) if line.startswith(("error[", "warning["))]
    return [
        (line.partition("[")[2].partition("]")[0], lines[number + 1].strip("-> ").rpartition(":")[0].rpartition(":")[0])
        for number, line in heads
    ]


def test_one_file_a_project_and_environment(rendered: Path) -> None:
    assert pointers(rendered) == {f"overlays/clusters/{place}.yaml" for place in ("dev/hello", "dev/web", "prod/web")}
    assert kinds((rendered / PLACE).read_text()) == ["AppProject", "Application"]
    assert kinds((rendered / "overlays/clusters/prod/web.yaml").read_text()) == ["GitRepository", "Kustomization"]
    assert mlgen(rendered, "check").code == 0


def test_without_an_engine_nothing_is_written(tmp_path: Path) -> None:
    folder = repository(tmp_path / "platform")
    assert mlgen(folder, "render").code == 0
    assert not (folder / "overlays/clusters").exists()


def test_they_are_counted_with_their_environment_and_named_for_programs(root: Path) -> None:
    changes = json.loads(mlgen(root, "render", "--format", "json").out)["changes"]
    assert {"file": PLACE, "what": "added"} in changes
    assert not [change for change in changes if ".." in change["file"]]


def test_they_go_with_the_engine_the_environment_and_the_project(rendered: Path) -> None:
    edit(rendered, "environments/dev.yaml", GITOPS % "argocd", "")
    assert mlgen(rendered, "render").code == 0
    assert pointers(rendered) == {"overlays/clusters/prod/web.yaml"}
    (rendered / "projects/web/mlgen.yaml").unlink()
    (rendered / "projects/web").rmdir()
    assert mlgen(rendered, "render").code == 0
    assert not (rendered / "overlays/clusters").exists()


def test_one_whose_folder_is_gone_goes_too(rendered: Path) -> None:
    """As a merge may leave it: no lock tells any more what mlgen wrote."""
    git(rendered, "rm", "-r", "--quiet", "projects/web", "overlays/web")
    assert ("stale-overlay", "overlays/clusters/dev/web.yaml") in rules(mlgen(rendered, "check"))
    assert mlgen(rendered, "render").code == 0
    assert pointers(rendered) == {PLACE}


def test_check_names_one_that_is_missing_stale_or_edited(rendered: Path) -> None:
    pointer = rendered / PLACE
    text = pointer.read_text()
    pointer.unlink()
    assert rules(mlgen(rendered, "check")) == [("stale-overlay", PLACE)]
    pointer.write_text(text.replace("selfHeal: true", "selfHeal: false"))
    assert rules(mlgen(rendered, "check")) == [("hand-edited", PLACE)]
    assert rules(mlgen(rendered, "render")) == [("hand-edited", PLACE)]
    assert "selfHeal: false" in pointer.read_text()
    assert mlgen(rendered, "render", "--force").code == 0
    assert pointer.read_text() == text


def test_a_foreign_file_among_them_is_named_and_stays(rendered: Path) -> None:
    mine = rendered / "overlays/clusters/dev/root.yaml"
    mine.write_text("kind: Application\n")
    assert rules(mlgen(rendered, "render")) == [("foreign-file", "overlays/clusters/dev/root.yaml")]
    assert mine.read_text() == "kind: Application\n"
    assert mlgen(rendered, "check").code == 0
    assert mlgen(rendered, "check", "--strict").code == 1


def test_one_environment_alone(rendered: Path) -> None:
    for name in ("dev", "prod"):
        edit(rendered, f"environments/{name}.yaml", "acme/ml.git", "acme/other.git")
    assert mlgen(rendered, "render", "web", "--env", "prod").code == 0
    assert "other" in (rendered / "overlays/clusters/prod/web.yaml").read_text()
    assert "other" not in (rendered / "overlays/clusters/dev/web.yaml").read_text()


def test_a_change_is_seen_before_it_is_merged(rendered: Path) -> None:
    edit(rendered, "environments/dev.yaml", 'ml.git"}', 'ml.git", revision: release}')
    done = mlgen(rendered, "diff")
    assert "Application/hello-dev" in done.out
    assert "spec.source.targetRevision" in done.out


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("dev", 'ml.git"}', 'ml.git", revision: release}', "Application/hello-dev follows another"),
        ("dev", 'ml.git"}', 'ml.git", destination: aks}', "Application/web-dev follows another"),
        ("prod", "acme/ml.git", "acme/other.git", "GitRepository/web-prod follows another"),
        ("dev", GITOPS % "argocd", "", "Application/hello-dev goes, and what it applied with it"),
        ("prod", GITOPS % "flux", "", "Kustomization/web-prod goes, and what it applied with it"),
    ],
)
def test_what_a_change_of_them_may_do(rendered: Path, file: str, old: str, new: str, said: str) -> None:
    edit(rendered, f"environments/{file}.yaml", old, new)
    assert said in mlgen(rendered, "diff").out


@pytest.mark.parametrize("engine", ["argocd", "flux"])
def test_what_is_protected_stays_when_its_pointer_goes(root: Path, engine: str) -> None:
    digest = "@sha256:" + 64 * "0"
    for project in ("hello", "web"):
        edit(root, f"projects/{project}/mlgen.yaml", ":1.0", f":1.0{digest}")
    edit(root, "environments/dev.yaml", GITOPS % "argocd", GITOPS % engine + "protected: true\n")
    assert f"{'Application' if engine == 'argocd' else 'Kustomization'}/hello-dev" in mlgen(root, "diff").out
    assert mlgen(root, "render").code == 0
    committed(root)
    edit(root, "environments/dev.yaml", GITOPS % engine, "")
    out = mlgen(root, "diff").out
    assert "/hello-dev goes, and what it applied stays until somebody deletes it" in out
    assert "with it" not in out


def test_an_engine_that_takes_over_is_told_of(root: Path) -> None:
    edit(root, "environments/dev.yaml", GITOPS % "argocd", "")
    committed(root)
    edit(root, "environments/dev.yaml", "name: dev\n", "name: dev\n" + GITOPS % "flux")
    assert "Kustomization/web-dev is new: from now on an engine applies" in mlgen(root, "diff").out


def test_a_value_can_say_where_it_came_from(rendered: Path) -> None:
    done = mlgen(rendered, "explain", "hello/dev:Application/hello-dev:spec.source.repoURL")
    assert "environments/dev.yaml:" in done.out
    assert mlgen(rendered, "build", "hello", "--env", "dev").out.count("kind: Application") == 0


def test_what_git_would_commit_of_them(rendered: Path) -> None:
    edit(rendered, "environments/dev.yaml", "acme/ml.git", "acme/other.git")
    git(rendered, "add", "environments")
    assert mlgen(rendered, "render").code == 0
    assert {rule for rule, _ in rules(mlgen(rendered, "check", "--staged"))} == {"stale-overlay"}
    git(rendered, "add", "overlays")
    assert mlgen(rendered, "check", "--staged").code == 0


def test_they_are_linted_like_any_manifest(rendered: Path) -> None:
    assert mlgen(rendered, "lint", str(rendered / "overlays/clusters"), "--strict").code == 0


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_in_its_place_is_named(rendered: Path, kind: str) -> None:
    pointer = rendered / PLACE
    pointer.unlink()
    pointer.mkdir() if kind == "folder" else pointer.symlink_to(rendered / "projects/hello/mlgen.yaml")
    assert ("not-a-file", PLACE) in rules(mlgen(rendered, "render"))
    assert pointer.is_dir() if kind == "folder" else pointer.is_symlink()


def test_those_of_a_project_that_lives_elsewhere_stay(rendered: Path, tmp_path: Path) -> None:
    spec = tmp_path / "elsewhere/mlgen.yaml"
    spec.parent.mkdir()
    spec.write_text((rendered / "projects/hello/mlgen.yaml").read_text().replace("name: hello", "name: guest"))
    assert mlgen(rendered, "render", str(spec)).code == 0
    assert "overlays/clusters/dev/guest.yaml" in pointers(rendered)
    for command in ("render", "check"):
        assert mlgen(rendered, command).code == 0
    assert "overlays/clusters/dev/guest.yaml" in pointers(rendered)
