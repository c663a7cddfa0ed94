"""`mlgen render` and `mlgen check`: what is written, what is said of it, and what is left alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.terminal import BASE, JOB, SERVING, Done, mlgen, repository, shell

EDITED = """\
error[hand-edited]: this file was edited by hand after mlgen wrote it, and rendering would lose the edit
 --> overlays/web/dev/kustomization.yaml:1:1
  = help: say it in the project's mlgen.yaml instead, or run `mlgen render --force` to drop the edit

Found 1 error.
Explain a rule with: mlgen rule RULE
"""
FOREIGN = "overlays/web/dev/own.yaml:1:1: warning[foreign-file] mlgen did not write this file and leaves it alone\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "platform")


@pytest.fixture
def rendered(root: Path) -> Path:
    assert mlgen(root, "render").code == 0
    return root


def tree(root: Path) -> dict[str, bytes]:
    folder = root / "overlays"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def counted(root: Path, project: str) -> str:
    """`dev +3  prod +2`: the files that lie there, as an account of a first rendering says it."""
    folders = [path.split("/")[1] for path in tree(root) if path.startswith(f"{project}/")]
    return "  ".join(f"{folder} +{folders.count(folder)}" for folder in sorted(set(folders)))


def run_of(root: Path) -> str:
    (path,) = (root / "overlays" / "hello" / "dev").glob("job-greet-*.yaml")
    return path.stem.removeprefix("job-")


def test_the_account_names_projects_folders_and_runs(root: Path) -> None:
    done = mlgen(root, "render")
    run = run_of(root)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"hello  {counted(root, 'hello')}",
        f"       dev starts Job/{run}: kubectl logs -n ml-hello-dev --follow job/{run}",
        f"web    {counted(root, 'web')}",
        f"{len(tree(root))} files written",
    ]


@pytest.mark.parametrize("form", ["gitlab", "sarif", "junit"])
def test_a_document_for_a_program_is_all_that_the_product_is(root: Path, form: str) -> None:
    done = mlgen(root, "render", "--format", form)
    assert (done.code, done.err) == (0, "")
    assert tree(root), "and the overlays are written"
    assert ElementTree.fromstring(done.out) is not None if form == "junit" else json.loads(done.out) is not None


def test_a_second_time_there_is_nothing_to_do(rendered: Path) -> None:
    before = tree(rendered)
    assert mlgen(rendered, "render") == Done(0, "hello  unchanged\nweb    unchanged\nNothing to do.\n", "")
    assert mlgen(rendered, "check") == Done(0, "", "2 projects up to date\n")
    assert tree(rendered) == before


def test_a_change_is_told_by_folder_and_its_new_run_by_name(rendered: Path) -> None:
    old = run_of(rendered)
    repository(rendered, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    done = mlgen(rendered, "render", "hello")
    new = run_of(rendered)
    assert new != old
    assert done == Done(
        0,
        "hello  dev +1 ~2 -1\n"
        f"       dev starts Job/{new}: kubectl logs -n ml-hello-dev --follow job/{new}\n"
        "3 files written, 1 removed\n",
        "",
    )


def test_a_program_gets_files_and_runs(root: Path) -> None:
    done = mlgen(root, "render", "hello", "--format", "json")
    run = run_of(root)
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert {change["file"] for change in document["changes"]} == {f"overlays/{path}" for path in tree(root)}
    assert {change["what"] for change in document["changes"]} == {"added"}
    assert document["problems"] == []
    assert document["runs"] == [
        {
            "project": "hello",
            "environment": "dev",
            "group": "batch",
            "kind": "Job",
            "namespace": "ml-hello-dev",
            "name": run,
            "logs": f"kubectl logs -n ml-hello-dev --follow job/{run}",
        }
    ]


def test_where_anything_is_wrong_nothing_is_written(rendered: Path) -> None:
    before = tree(rendered)
    changed = {"hello": JOB.replace(":1.0", ":1.1"), "web": SERVING.replace("owner", "ownr")}
    repository(rendered, {f"projects/{name}/mlgen.yaml": text for name, text in changed.items()})
    done = mlgen(rendered, "render")
    assert (done.code, done.out) == (1, "")
    assert "error[unknown-key]" in done.err
    assert done.err.endswith("\nNothing was written.\n")
    told = json.loads(mlgen(rendered, "render", "--format", "json").out)
    assert told["changes"] == told["runs"] == []
    assert "unknown-key" in {problem["rule"] for problem in told["problems"]}
    assert tree(rendered) == before


def test_warnings_do_not_stop_it_but_the_strict(root: Path) -> None:
    repository(root, {"projects/web/mlgen.yaml": SERVING.replace("web:1.0", "web")})
    strict = mlgen(root, "render", "web", "--strict")
    assert (strict.code, strict.out, (root / "overlays").exists()) == (1, "", False)
    done = mlgen(root, "render", "web")
    assert done.code == 0
    assert "warning[untagged-image]" in done.err
    assert done.out.endswith(" files written\n")


def test_one_environment_alone(rendered: Path) -> None:
    before = tree(rendered)
    changed = SERVING.replace("dev: {}", "dev: {workloads: {serve: {replicas: {max: 8}}}}")
    repository(rendered, {"projects/web/mlgen.yaml": changed})
    assert mlgen(rendered, "render", "web", "-e", "prod").out == "web  unchanged\nNothing to do.\n"
    assert mlgen(rendered, "check", "-e", "prod").code == 0
    assert mlgen(rendered, "check", "-e", "dev").code == 1
    assert mlgen(rendered, "render", "web", "-e", "dev").code == 0
    after = tree(rendered)
    assert {path.split("/")[1] for path in after if after[path] != before.get(path)} == {"dev"}


def test_one_environment_alone_is_refused_where_base_changes_too(rendered: Path) -> None:
    repository(rendered, {"projects/web/mlgen.yaml": SERVING.replace("web:1.0", "web:1.1")})
    done = mlgen(rendered, "render", "-e", "dev", "--format", "concise")
    assert (done.code, done.out) == (1, "")
    assert "overlays/web/base/deployment-serve.yaml:1:1: error[stale-overlay]" in done.err
    assert "render all of web: its base changes too" in mlgen(rendered, "render", "-e", "dev").err


def test_an_environment_that_is_not_there(root: Path) -> None:
    said = "mlgen: there is no environment `prd`: did you mean `prod`?\n"
    for command in ("render", "check"):
        assert mlgen(root, command, "--env", "prd") == Done(2, "", said)


def test_check_names_each_folder_that_is_stale(rendered: Path) -> None:
    repository(rendered, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    before = tree(rendered)
    old = run_of(rendered)
    done = mlgen(rendered, "check", "--format", "concise")
    assert done == Done(
        1,
        "overlays/hello/dev/kustomization.yaml:1:1: error[stale-overlay] `overlays/hello/dev` is not what the specs "
        "say now: 1 file is not what it should be, 1 file is not rendered yet, 1 file is no longer made\n",
        "",
    )
    assert tree(rendered) == before
    assert mlgen(rendered, "render", "--check", "--format", "concise") == done
    (told,) = json.loads(mlgen(rendered, "check", "--format", "json").out)["problems"]
    new = re.compile(rf"greet-(?!{old[-10:]})\w{{10}}")
    said = [(new.sub("greet-NEW", one["file"]), one["message"]) for one in told["related"]]
    assert said == [
        ("overlays/hello/dev/job-greet-NEW.yaml", "this file is not rendered yet"),
        (f"overlays/hello/dev/job-{old}.yaml", "the specs no longer make this file"),
    ]


def test_a_renamed_project_is_two_problems(rendered: Path) -> None:
    shutil.move(rendered / "projects" / "web", rendered / "projects" / "site")
    repository(rendered, {"projects/site/mlgen.yaml": SERVING.replace("name: web", "name: site")})
    count = sum(path.startswith("web/") and not path.endswith("mlgen.lock") for path in tree(rendered))
    done = mlgen(rendered, "check", "--format", "concise")
    here = "deployment-serve.yaml:1:1: error[stale-overlay]"
    assert done.code == 1
    assert done.out.splitlines() == [
        f"overlays/site/base/{here} `overlays/site` is not rendered yet: {count} files in 3 folders",
        f"overlays/web/base/{here} the specs no longer make `overlays/web`: {count} files in 3 folders",
    ]
    assert mlgen(rendered, "render").code == mlgen(rendered, "check").code == 0


def test_a_hook_may_ask_for_1_when_files_changed(root: Path) -> None:
    assert mlgen(root, "render", "--exit-non-zero-on-change").code == 1
    assert mlgen(root, "render", "--exit-non-zero-on-change").code == 0


def test_a_hand_edit_is_named_and_only_force_drops_it(rendered: Path) -> None:
    before = tree(rendered)
    file = rendered / "overlays" / "web" / "dev" / "kustomization.yaml"
    file.write_bytes(file.read_bytes() + b"# mine\n")
    assert mlgen(rendered, "check") == Done(1, EDITED, "")
    assert mlgen(rendered, "render") == Done(1, "", f"{EDITED}Nothing was written.\n")
    forced = "hello  unchanged\nweb    dev ~1\n1 file written\n"
    assert mlgen(rendered, "render", "--force") == Done(0, forced, "")
    assert tree(rendered) == before


def test_a_missing_file_is_named_and_written_again(rendered: Path) -> None:
    before = tree(rendered)
    (rendered / "overlays" / "web" / "dev" / "kustomization.yaml").unlink()
    said = "this file is missing, and the specs still make it"
    stale = f"overlays/web/dev/kustomization.yaml:1:1: error[stale-overlay] {said}\n"
    assert mlgen(rendered, "check", "--format", "concise") == Done(1, stale, "")
    assert mlgen(rendered, "render", "web") == Done(0, "web  dev +1\n1 file written\n", "")
    assert tree(rendered) == before


def test_a_foreign_file_is_named_and_stays(rendered: Path) -> None:
    own = rendered / "overlays" / "web" / "dev" / "own.yaml"
    own.write_text("mine\n")
    assert mlgen(rendered, "check", "--format", "concise") == Done(0, FOREIGN, "")
    assert mlgen(rendered, "check", "--format", "concise", "--strict") == Done(1, FOREIGN, "")
    done = mlgen(rendered, "render", "web", "--format", "concise")
    assert done == Done(0, "web  unchanged\nNothing to do.\n", FOREIGN)
    shutil.rmtree(rendered / "projects" / "web")
    assert mlgen(rendered, "render", "--force").code == 0
    assert {path for path in tree(rendered) if path.startswith("web/")} == {"web/dev/own.yaml"}
    assert own.read_text() == "mine\n"


def test_what_a_deleted_project_left_is_removed_with_all_and_not_with_another(rendered: Path) -> None:
    count = sum(path.startswith("web/") for path in tree(rendered))
    shutil.rmtree(rendered / "projects" / "web")
    assert mlgen(rendered, "check", "hello").code == 0
    assert mlgen(rendered, "render", "hello").out == "hello  unchanged\nNothing to do.\n"
    assert mlgen(rendered, "check").code == 1
    done = mlgen(rendered, "render")
    assert done.out.splitlines()[2:] == [f"{count} files removed"]
    assert not (rendered / "overlays" / "web").exists()


def test_without_projects_the_next_step_is_named(tmp_path: Path) -> None:
    repository(tmp_path, {"environments/base.yaml": BASE})
    assert mlgen(tmp_path, "render") == Done(0, "There are no projects yet: `mlgen new NAME` makes one.\n", "")


def test_overlays_of_a_project_that_lives_elsewhere_stay(rendered: Path, tmp_path: Path) -> None:
    own = repository(tmp_path / "own", {"mlgen.yaml": JOB.replace("hello", "mine")})
    done = mlgen(own, "render", "--root", str(rendered), ".")
    assert done.out.splitlines()[0] == f"mine  {counted(rendered, 'mine')}"
    first = (rendered / "overlays/mine/dev/kustomization.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# Generated by mlgen from mlgen.yaml. Do not edit."
    before = tree(rendered)
    assert mlgen(own, "check", "--root", str(rendered), ".").code == 0
    assert mlgen(rendered, "check") == Done(0, "", "2 projects up to date\n")
    assert mlgen(rendered, "render").code == 0
    assert tree(rendered) == before


def test_from_a_folder_below_the_root_it_is_the_same(root: Path, tmp_path: Path) -> None:
    assert mlgen(root / "projects" / "web", "render").code == 0
    below = tree(root)
    shutil.rmtree(root / "overlays")
    assert mlgen(tmp_path, "render", "--root", "platform").code == 0
    assert tree(root) == below


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_what_may_not_be_written_is_2_and_named(rendered: Path) -> None:
    before = tree(rendered)
    repository(rendered, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    (rendered / "overlays").chmod(0o555)
    try:
        done = mlgen(rendered, "render")
    finally:
        (rendered / "overlays").chmod(0o755)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[cannot-write]: this cannot be written: Permission denied\n")
    assert tree(rendered) == before


def test_two_at_once_take_turns(root: Path) -> None:
    """Both may write, or the second finds all done; neither breaks what the other does."""
    command = [sys.executable, "-P", "-m", "mlgen", "render", "--root", str(root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    ends = [(one.communicate(), one.returncode) for one in both]
    assert [code for _, code in ends] == [0, 0], ends
    assert mlgen(root, "check").code == 0


def test_a_git_hook_stops_a_commit_of_stale_overlays(root: Path) -> None:
    git = "git -c user.name=x -c user.email=x@example.com -c commit.gpgsign=false"
    hook = f'#!/bin/sh\nexec "{sys.executable}" -P -m mlgen check --format concise\n'
    assert shell(root, "git init -q . && mkdir -p .git/hooks").code == 0
    (root / ".git/hooks/pre-commit").write_text(hook)
    (root / ".git/hooks/pre-commit").chmod(0o755)
    done = shell(root, f"git add -A && {git} commit -q -m one")
    assert done.code == 1
    assert "error[stale-overlay] `overlays/hello` is not rendered yet" in done.out + done.err
    assert shell(root, f"mlgen render >/dev/null && git add -A && {git} commit -q -m one").code == 0
