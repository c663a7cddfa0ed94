"""Reading a platform repository from a real directory: what is read, what is refused, and that nothing blocks."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mlgen import disk, lock
from mlgen.problem import Problem


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, "repo/environments/prod.yaml", "name: prod\n")
    put(tmp_path, "repo/projects/churn/mlgen.yaml", "name: churn\n")
    return tmp_path / "repo"


def put(root: Path, path: str, text: str = "text\n") -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    return root / path


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.rule, problem.span.file) for problem in problems]


def test_root_is_the_nearest_parent_with_environments(root: Path, tmp_path: Path) -> None:
    assert disk.find_root(root / "projects" / "churn") == root
    assert disk.find_root(root) == root
    assert disk.find_root(tmp_path) is None


def test_inputs_are_read_and_nothing_else(root: Path) -> None:
    put(root, "environments/README.md")
    put(root, "environments/old/x.yaml")
    put(root, "projects/README.md")
    put(root, "projects/.cache/mlgen.yaml")
    put(root, "projects/churn/train.py")
    put(root, "projects/churn/releases.yaml", "a: 1\n")
    files, problems = disk.read_inputs(root)
    assert files == {
        "environments/prod.yaml": b"name: prod\n",
        "projects/churn/mlgen.yaml": b"name: churn\n",
        "projects/churn/releases.yaml": b"a: 1\n",
    }
    assert not problems


def test_an_empty_repository_has_nothing(tmp_path: Path) -> None:
    assert disk.read_inputs(tmp_path) == ({}, [])
    assert disk.read_present(tmp_path, "churn") == ({}, [])
    assert disk.projects_present(tmp_path) == []


def test_a_file_that_is_too_long_is_read_just_far_enough_to_say_so(root: Path) -> None:
    put(root, "environments/prod.yaml", "x" * (disk.LIMIT + 10))
    files, problems = disk.read_inputs(root)
    assert len(files["environments/prod.yaml"]) == disk.LIMIT + 1
    assert not problems


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("environments/dev.yml", "dev.yaml"),
        ("environments/dev.YAML", "dev.yaml"),
        ("projects/fraud/mlgen.yml", "mlgen.yaml"),
        ("projects/fraud/MLGen.yaml", "mlgen.yaml"),
        ("projects/churn/releases.yml", "releases.yaml"),
    ],
)
def test_a_name_that_is_nearly_right_is_not_ignored(root: Path, path: str, right: str) -> None:
    put(root, path)
    files, problems = disk.read_inputs(root)
    assert path not in files
    assert said(problems) == [("wrong-file-name", path)]
    assert problems[0].help == f"rename it to {right}"


def fifo(path: Path) -> None:
    os.mkfifo(path)


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            unix.bind(f"/proc/self/fd/{folder}/{path.name}")  # a socket's path may have 107 characters only
        finally:
            os.close(folder)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("plant", [fifo, bound_socket, folder])
@pytest.mark.parametrize("path", ["environments/x.yaml", "projects/churn/releases.yaml"])
def test_what_is_no_file_is_named_and_never_opened(root: Path, path: str, plant: Callable[[Path], None]) -> None:
    plant(root / path)
    files, problems = disk.read_inputs(root)
    assert path not in files
    assert said(problems) == [("not-a-file", path)]


def test_a_link_inside_the_repository_is_followed(root: Path) -> None:
    (root / "environments/staging.yaml").symlink_to("prod.yaml")
    (root / "projects/fraud").symlink_to("churn")
    files, problems = disk.read_inputs(root)
    assert files["environments/staging.yaml"] == b"name: prod\n"
    assert files["projects/fraud/mlgen.yaml"] == b"name: churn\n"
    assert not problems


def test_a_link_that_leaves_the_repository_is_not_followed(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "repo-evil/mlgen.yaml", "secret\n")  # begins like the root's own path
    put(tmp_path, "other/mlgen.yaml", "secret\n")
    (root / "environments/x.yaml").symlink_to("../../other/mlgen.yaml")
    (root / "environments/y.yaml").symlink_to(tmp_path / "repo-evil/mlgen.yaml")
    (root / "projects/fraud").symlink_to("../../other")
    files, problems = disk.read_inputs(root)
    assert b"secret\n" not in files.values()
    assert said(problems) == [
        ("not-a-file", "environments/x.yaml"),
        ("not-a-file", "environments/y.yaml"),
        ("not-a-file", "projects/fraud"),
    ]


def test_a_link_to_a_device_is_not_followed(root: Path) -> None:
    (root / "environments/x.yaml").symlink_to("/dev/zero")
    assert said(disk.read_inputs(root)[1]) == [("not-a-file", "environments/x.yaml")]


def test_links_that_lead_nowhere_are_named(root: Path) -> None:
    (root / "environments/x.yaml").symlink_to("nowhere.yaml")
    (root / "environments/y.yaml").symlink_to("y.yaml")
    (root / "projects/fraud").symlink_to("nowhere")
    rules = {path: rule for rule, path in said(disk.read_inputs(root)[1])}
    assert rules == {
        "environments/x.yaml": "cannot-read",
        "environments/y.yaml": "not-a-file",
        "projects/fraud": "cannot-read",
    }


def test_what_cannot_be_read_is_named_and_the_rest_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, "environments/dev.yaml")
    real = os.open

    def refuse(path: str, *rest: object, **words: object) -> int:
        if path == "dev.yaml":
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    files, problems = disk.read_inputs(root)
    assert set(files) == {"environments/prod.yaml", "projects/churn/mlgen.yaml"}
    assert said(problems) == [("cannot-read", "environments/dev.yaml")]
    assert problems[0].message == "this cannot be read: Permission denied"


def test_present_is_every_regular_file(root: Path) -> None:
    put(root, "overlays/churn/prod/patches/x.yaml", "x")
    put(root, "overlays/churn/.hidden", "y")
    put(root, "overlays/other/prod/x.yaml")
    (root / "overlays/churn/empty").mkdir()
    assert disk.read_present(root, "churn") == ({"prod/patches/x.yaml": b"x", ".hidden": b"y"}, [])


def test_present_follows_no_link_and_opens_no_device(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "other/secret", "secret\n")
    put(root, "overlays/churn/prod/x.yaml", "x")
    (root / "overlays/churn/prod/link").symlink_to("x.yaml")
    (root / "overlays/churn/dev").symlink_to(tmp_path / "other")
    os.mkfifo(root / "overlays/churn/prod/fifo")
    files, problems = disk.read_present(root, "churn")
    assert files == {"prod/x.yaml": b"x"}
    assert said(problems) == [
        ("not-a-file", "overlays/churn/dev"),
        ("not-a-file", "overlays/churn/prod/fifo"),
        ("not-a-file", "overlays/churn/prod/link"),
    ]


@pytest.mark.parametrize("link", ["overlays", "overlays/churn"])
def test_present_refuses_linked_folders(root: Path, tmp_path: Path, link: str) -> None:
    put(tmp_path, "other/churn/prod/x.yaml", "secret")
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / "other")
    assert disk.read_present(root, "churn")[0] == {}
    assert said(disk.read_present(root, "churn")[1]) == [("not-a-file", link)]
    assert disk.projects_present(root) == []


def test_present_survives_deep_and_large_files(root: Path) -> None:
    (root / "overlays/churn" / "/".join("d" * 100)).mkdir(parents=True)
    with put(root, "overlays/churn/large").open("wb") as large:
        large.truncate(disk.LARGEST_RENDERED + 1)
    rules = [problem.rule for problem in disk.read_present(root, "churn")[1]]
    assert rules == ["not-a-file", "cannot-read"]


def test_projects_present_are_those_with_a_lock(root: Path) -> None:
    put(root, f"overlays/churn/prod/{lock.NAME}")
    put(root, "overlays/mine/prod/x.yaml")
    put(root, f"overlays/clusters/prod/{lock.NAME}")
    put(root, f"overlays/.mlgen-stage/0/{lock.NAME}")
    put(root, f"overlays/Churn old/prod/{lock.NAME}")
    put(root, "overlays/README.md")
    assert disk.projects_present(root) == ["churn"]


def test_sealed_secrets_are_read_from_a_folder_for_each_environment(root: Path) -> None:
    put(root, "projects/churn/secrets/dev/maps.yaml", "sealed\n")
    put(root, "projects/churn/secrets/dev/README.md")
    put(root, "projects/churn/secrets/dev/old/x.yaml")
    put(root, "projects/churn/secrets/plain.yaml")
    put(root, "projects/churn/secrets/prod/maps.yml")
    files, problems = disk.read_inputs(root)
    assert [path for path in files if "secrets" in path] == ["projects/churn/secrets/dev/maps.yaml"]
    assert said(problems) == [("wrong-file-name", "projects/churn/secrets/prod/maps.yml")]


def test_sealed_secrets_behind_a_link_out_of_the_repository_stay_unread(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/dev/maps.yaml", "secret\n")
    (root / "projects" / "churn" / "secrets").symlink_to(tmp_path / "elsewhere")
    files, problems = disk.read_inputs(root)
    assert not [path for path in files if "secrets" in path]
    assert said(problems) == [("not-a-file", "projects/churn/secrets")]


def test_a_project_outside_has_its_sealed_secrets_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "mine/mlgen.yaml", "name: mine\n")
    put(tmp_path, "mine/secrets/dev/maps.yaml", "sealed\n")
    monkeypatch.chdir(tmp_path)
    files, problems = disk.read_outside(Path("mine"))
    assert files == {"mine/mlgen.yaml": b"name: mine\n", "mine/secrets/dev/maps.yaml": b"sealed\n"}
    assert problems == []
    monkeypatch.chdir(tmp_path / "mine")
    assert set(disk.read_outside(Path())[0]) == {"mlgen.yaml", "secrets/dev/maps.yaml"}
