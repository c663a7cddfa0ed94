"""`mlgen validate`: what is wrong, in every format, and what may be named on the command line."""

import json
import os
from pathlib import Path

import pytest
from tests.terminal import FILES, JOB, Done, mlgen, repository

TYPO = JOB.replace("kind: job,", "kind: job, schedul: daily,")
SPEC = "projects/hello/mlgen.yaml"
FORMATS = {
    "text": """\
error[unknown-key]: unknown key `schedul` in `greet`
 --> projects/hello/mlgen.yaml:6:22
  |
5 | workloads:
6 |   greet: {kind: job, schedul: daily, image: "ghcr.io/acme/greet:1.0"}
  |                      ^^^^^^^
  |
  = help: did you mean `schedule`?

Found 1 error.
Explain a rule with: mlgen rule RULE
""",
    "concise": "projects/hello/mlgen.yaml:6:22: error[unknown-key] unknown key `schedul` in `greet`\n",
    "github": "::error file=projects/hello/mlgen.yaml,line=6,col=22,endLine=6,endColumn=29,title=mlgen (unknown-key)"
    "::unknown key `schedul` in `greet`%0Ahelp: did you mean `schedule`?\n",
}
WARNING = JOB.replace(":1.0", "")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "platform")


def test_nothing_wrong_is_said_to_the_person_and_not_in_the_product(root: Path) -> None:
    assert mlgen(root, "validate") == Done(0, "", "2 projects checked, nothing wrong\n")
    assert mlgen(root, "validate", "web") == Done(0, "", "1 project checked, nothing wrong\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_problem_in_each_format(root: Path, form: str) -> None:
    (root / SPEC).write_text(TYPO)
    assert mlgen(root, "validate", "--format", form) == Done(1, FORMATS[form], "")


def test_a_problem_as_json(root: Path) -> None:
    (root / SPEC).write_text(TYPO)
    done = mlgen(root, "validate", "--format", "json")
    assert (done.code, done.err) == (1, "")
    (problem,) = json.loads(done.out)["problems"]
    assert (problem["rule"], problem["file"], problem["line"], problem["column"]) == ("unknown-key", SPEC, 6, 22)


def test_warnings_count_for_the_strict(root: Path) -> None:
    (root / SPEC).write_text(WARNING)
    relaxed = mlgen(root, "validate")
    assert (relaxed.code, relaxed.err) == (0, "")
    assert relaxed.out.startswith("warning[untagged-image]: ")
    assert mlgen(root, "validate", "--strict") == relaxed._replace(code=1)


def test_one_broken_project_does_not_stand_in_the_way_of_another(root: Path) -> None:
    (root / SPEC).write_text(TYPO)
    assert mlgen(root, "validate", "web").code == 0
    assert mlgen(root, "validate", "hello").code == 1


TARGETS = {
    ".": 2,
    "web": 1,
    "web hello": 2,
    "web web": 1,
    "projects": 2,
    "projects/web": 1,
    "projects/web/": 1,
    "projects/web/mlgen.yaml": 1,
    "environments": 2,
    "environments/dev.yaml": 2,
    "web environments/dev.yaml": 2,
}


@pytest.mark.parametrize(("targets", "count"), TARGETS.items(), ids=TARGETS)
def test_what_may_be_named(root: Path, targets: str, count: int) -> None:
    noun = "project" if count == 1 else "projects"
    said = f"{count} {noun} checked, nothing wrong\n"
    assert mlgen(root, "validate", *targets.split()) == Done(0, "", said)
    below = [f"../../{target}" if (root / target).exists() else target for target in targets.split()]
    assert mlgen(root / "projects" / "hello", "validate", *below) == Done(0, "", said)


NOT_TARGETS = {
    "wep": "there is no project `wep`: did you mean `web`?",
    "billing": "there is no project `billing`: choose one of: hello, web",
    "projects/wep": "there is no file projects/wep",
    "environments/prd.yaml": "there is no file environments/prd.yaml",
    "mlgen.yaml": "there is no file mlgen.yaml",
    "README.md": "README.md is neither a project's mlgen.yaml nor a file under environments/, kinds/ or components/",
    "/": "/ is neither a project's mlgen.yaml nor a file under environments/, kinds/ or components/",
}


@pytest.mark.parametrize(("target", "said"), NOT_TARGETS.items(), ids=NOT_TARGETS)
def test_what_may_not_be_named(root: Path, target: str, said: str) -> None:
    (root / "README.md").write_text("")
    assert mlgen(root, "validate", target) == Done(2, "", f"mlgen: {said}\n")


def test_without_projects_the_next_step_is_named(tmp_path: Path) -> None:
    repository(tmp_path, {"environments/base.yaml": FILES["environments/base.yaml"]})
    assert mlgen(tmp_path, "validate").code == 0
    said = "mlgen: there is no project `web`: `mlgen new NAME` makes one\n"
    assert mlgen(tmp_path, "validate", "web") == Done(2, "", said)


def test_the_root_may_be_named(root: Path, tmp_path: Path) -> None:
    assert mlgen(tmp_path, "validate", "--root", "platform").code == 0
    assert mlgen(tmp_path, "validate", "--root", str(root), "platform/projects/web").code == 0
    none = "mlgen: no is no platform repository, for it has no environments/: `mlgen init no` makes one\n"
    (tmp_path / "no").mkdir()
    assert mlgen(tmp_path, "validate", "--root", "no") == Done(2, "", none)
    assert mlgen(tmp_path, "validate", "--root", "nowhere") == Done(2, "", "mlgen: there is no folder nowhere\n")


def test_a_root_below_is_part_of_each_place(root: Path, tmp_path: Path) -> None:
    (root / SPEC).write_text(TYPO)
    for form, expected in FORMATS.items():
        moved = expected.replace("projects/", "platform/projects/")
        assert mlgen(tmp_path, "validate", "--root", "platform", "--format", form) == Done(1, moved, "")
    assert mlgen(root / "projects", "validate").out == FORMATS["text"]


def test_a_project_may_live_in_a_repository_of_its_own(root: Path, tmp_path: Path) -> None:
    repository(tmp_path / "elsewhere", {"mlgen.yaml": JOB.replace("hello", "mine")})
    for place, target in ((tmp_path, "elsewhere"), (tmp_path, "elsewhere/mlgen.yaml"), (tmp_path / "elsewhere", ".")):
        done = mlgen(place, "validate", "--root", str(root), target)
        assert done == Done(0, "", "1 project checked, nothing wrong\n")


def test_its_problems_are_told_with_its_own_path(root: Path, tmp_path: Path) -> None:
    own = repository(tmp_path / "own", {"mlgen.yaml": TYPO, "projects/x/mlgen.yaml": TYPO})
    for path in ("mlgen.yaml", "projects/x/mlgen.yaml"):
        done = mlgen(own, "validate", "--root", str(root), "--format", "concise", path)
        shown = path if path == "mlgen.yaml" else f"./{path}"
        assert done == Done(1, FORMATS["concise"].replace(SPEC, shown), "")


def test_its_releases_are_read_too(root: Path, tmp_path: Path) -> None:
    digest = f"1.0@sha256:{'0' * 64}"
    releases = f"apiVersion: mlgen.dev/v1\nkind: Releases\nenvironments:\n  dev: {{images: {{mine: {digest}}}}}\n"
    spec = JOB.replace("hello", "mine").replace("ghcr.io/acme/greet:1.0", "mine")
    base = FILES["environments/base.yaml"] + "registry: {host: acme.example.com}\n"
    repository(root, {"environments/base.yaml": base})
    own = repository(tmp_path / "own", {"mlgen.yaml": spec, "releases.yaml": releases})
    assert f"acme.example.com/mine:{digest}" in mlgen(own, "build", "--root", str(root), ".", "--env", "dev").out
    repository(own, {"releases.yaml": "kind: Releases\n"})
    assert "error[missing-key]" in mlgen(own, "validate", "--root", str(root), ".", "--format", "concise").out


def test_two_projects_of_one_name_are_refused(root: Path, tmp_path: Path) -> None:
    own = repository(tmp_path / "own", {"mlgen.yaml": JOB})
    said = "mlgen: mlgen.yaml is named `hello`, and so is projects/hello/mlgen.yaml: rename one\n"
    assert mlgen(own, "validate", "--root", str(root), "mlgen.yaml") == Done(2, "", said)


@pytest.mark.parametrize("what", ["folder", "pipe", "link out", "link nowhere"])
def test_a_spec_that_is_no_file_is_a_problem(root: Path, what: str) -> None:
    (root / "projects" / "odd").mkdir()
    spec = root / "projects" / "odd" / "mlgen.yaml"
    if what == "folder":
        spec.mkdir()
    elif what == "pipe":
        os.mkfifo(spec)
    else:
        spec.symlink_to("/etc/hostname" if what == "link out" else "nowhere")
    for arguments in (["validate"], ["validate", "odd"], ["build", "odd", "--env", "dev", "--format", "concise"]):
        done = mlgen(root, *arguments)
        assert done.code == 1
        assert "projects/odd/mlgen.yaml:1:1" in done.out + done.err


def test_a_misnamed_spec_is_told_under_its_project(root: Path) -> None:
    repository(root, {"projects/odd/mlgen.yml": JOB})
    said = "projects/odd/mlgen.yml:1:1: error[wrong-file-name] mlgen reads mlgen.yaml, not mlgen.yml\n"
    assert mlgen(root, "validate", "odd", "--format", "concise") == Done(1, said, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_a_problem(root: Path) -> None:
    (root / "environments" / "dev.yaml").chmod(0)
    said = "environments/dev.yaml:1:1: error[cannot-read] this cannot be read: Permission denied\n"
    assert mlgen(root, "validate", "--format", "concise") == Done(1, said, "")
