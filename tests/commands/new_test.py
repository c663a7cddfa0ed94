"""`mlgen new`: a project that works at once, under any name, beside any other."""

from pathlib import Path

import pytest
from tests.terminal import FILES, HEAD, Done, mlgen, repository

ROOT = Path(__file__).parent.parent.parent
NAME = "a name is lower-case letters, digits and dashes, starts with a letter and ends with a letter or digit"
REFUSED = {
    "Web": f"`Web` cannot name a project: {NAME}, such as `churn`",
    "web-": f"`web-` cannot name a project: {NAME}, such as `churn`",
    "9web": f"`9web` cannot name a project: {NAME}, such as `churn`",
    "a/b": f"`a/b` cannot name a project: {NAME}, such as `churn`",
    "..": f"`..` cannot name a project: {NAME}, such as `churn`",
    "web\n": f"`web\\u{{a}}` cannot name a project: {NAME}, such as `churn`",
    "x" * 41: f"`{'x' * 41}` is too long: a project's name has at most 40 characters",
    "base": "`base` is a reserved name: choose another one",
    "con": "`con` is a reserved name: choose another one",
    "hello": "projects/hello is there already, and mlgen overwrites nothing that you wrote",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    mlgen(tmp_path, "init")
    return tmp_path


@pytest.mark.parametrize("name", ["x", "x" * 40, "my-2nd-project"])
def test_a_new_project_works_at_once(root: Path, name: str) -> None:
    written = f"written  projects/{name}/mlgen.yaml\n"
    said = f"\nNext: edit projects/{name}/mlgen.yaml, then: mlgen render {name}\n"
    assert mlgen(root, "new", name) == Done(0, written, said)
    assert mlgen(root, "validate", "--strict").code == 0
    assert mlgen(root, "render", name).code == 0


def test_an_example_brings_its_releases(root: Path) -> None:
    done = mlgen(root / "projects", "new", "leaving", "--example", "churn")
    assert done.out == "written  projects/leaving/mlgen.yaml\nwritten  projects/leaving/releases.yaml\n"
    assert mlgen(root, "validate", "leaving").code == 0
    theirs = (ROOT / "projects" / "churn" / "mlgen.yaml").read_text("utf-8")
    ours = (root / "projects" / "leaving" / "mlgen.yaml").read_text("utf-8")
    assert ours == theirs.replace("\nname: churn\n", "\nname: leaving\n")


def test_it_runs_in_the_environments_that_there_are(tmp_path: Path) -> None:
    test = HEAD.format("Environment", "test")
    repository(tmp_path, {"environments/base.yaml": FILES["environments/base.yaml"], "environments/test.yaml": test})
    assert mlgen(tmp_path, "new", "web").code == 0
    assert mlgen(tmp_path, "validate") == Done(0, "", "1 project checked, nothing wrong\n")
    assert (tmp_path / "projects/web/mlgen.yaml").read_text("utf-8").endswith("environments: {test: {}}\n")


@pytest.mark.parametrize(("name", "said"), REFUSED.items(), ids=map(repr, REFUSED))
def test_what_cannot_name_a_project(root: Path, name: str, said: str) -> None:
    assert mlgen(root, "new", name) == Done(2, "", f"mlgen: {said}\n")
    assert [path.name for path in (root / "projects").iterdir()] == ["hello"]


def test_an_unknown_example_is_suggested(root: Path) -> None:
    near, far = (mlgen(root, "new", "web", "--example", name) for name in ("chrn", "xyzzy"))
    assert near == Done(2, "", "mlgen: there is no example `chrn`: did you mean `churn`?\n")
    assert far == Done(2, "", "mlgen: there is no example `xyzzy`: choose one of: churn, hello, mnist, ranker\n")
    assert not (root / "projects" / "web").exists()
