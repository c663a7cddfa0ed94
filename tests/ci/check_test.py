"""The pull-request check, really run: a merge commit, GitHub's variables, and a server that keeps the comments."""

import base64
import gzip
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from tests.ci.comments import ANNA, BOT, Comments, served
from tests.commands.diff_test import GIT, committed, git
from tests.terminal import HEAD, JOB, mlgen, repository

ROOT = Path(__file__).parent.parent.parent
ACTION = ROOT / ".github" / "actions" / "check"
TOKEN = "ghs_" + "t0k3n" * 5


class Ran(NamedTuple):
    """How a run of the action ended."""

    code: int
    log: str
    summary: str


class Runner(NamedTuple):
    """A runner of GitHub's: a clone of the pull request's merge commit, and an API."""

    clone: Path
    scratch: Path
    comments: Comments

    def run(self, *, step: str | None = None, **variables: str) -> Ran:
        """Run ``step``, or the action's last one with its inputs' defaults, as GitHub would."""
        action = yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))
        defaults = {name: one["default"] for name, one in action["inputs"].items()}
        last = action["runs"]["steps"][-1]
        named = {key: re.sub(r"^\$\{\{ inputs\.(\w+) \}\}$", r"\1", value) for key, value in last["env"].items()}
        inputs = {key: defaults[name] for key, name in named.items()}
        assert inputs["MLGEN_TOKEN"] == "${{ github.token }}"
        summary = self.scratch / "summary.md"
        summary.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step or last["run"]],
            cwd=self.clone,
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "INPUT_"))},
                **GIT,
                "PATH": f"{programs(self.scratch)}{os.pathsep}{os.environ['PATH']}",
                "CI": "true",
                "RUNNER_TEMP": str(self.scratch),
                "GITHUB_ACTION_PATH": str(ACTION),
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_API_URL": self.comments.address,
                "GITHUB_REPOSITORY": "acme/ml",
                "GITHUB_REF": "refs/pull/12/merge",
                "GITHUB_SHA": head(self.clone),
                "GITHUB_BASE_REF": "main",
                "no_proxy": "*",
                **(inputs if step is None else {}),
                "MLGEN_TOKEN": TOKEN,
                **variables,
            },
            capture_output=True,
            check=False,
        )
        log = (done.stdout + done.stderr).decode()
        assert TOKEN not in log
        return Ran(done.returncode, log, summary.read_text("utf-8"))


def programs(folder: Path) -> Path:
    """A folder for PATH whose mlgen is this one."""
    target = folder / "mlgen" / "bin"
    target.mkdir(parents=True, exist_ok=True)
    program = target / "mlgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m mlgen "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return target


@pytest.fixture
def comments() -> Iterator[Comments]:
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pull request that changes an image, and its merge commit checked out two commits deep."""
    folder = tmp_path_factory.mktemp("made")
    origin = repository(folder / "origin")
    git(origin, "init", "--quiet", "--initial-branch", "main")
    assert mlgen(origin, "render").code == 0
    committed(origin)
    git(origin, "checkout", "--quiet", "-b", "change")
    repository(origin, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    assert mlgen(origin, "render").code == 0
    committed(origin)
    merged(origin, folder / "clone")
    return folder


@pytest.fixture
def runner(made: Path, tmp_path: Path, comments: Comments) -> Runner:
    for name in ("origin", "clone"):
        shutil.copytree(made / name, tmp_path / name)
    return Runner(tmp_path / "clone", tmp_path, comments)


def merged(origin: Path, clone: Path) -> Path:
    """What actions/checkout makes of `change` with `fetch-depth: 2`."""
    git(origin, "checkout", "--quiet", "--detach", "main")
    git(origin, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
    git(origin, "update-ref", "refs/pull/12/merge", "HEAD")
    git(origin, "checkout", "--quiet", "change")
    shutil.rmtree(clone, ignore_errors=True)
    git(origin, "init", "--quiet", str(clone))
    git(clone, "fetch", "--quiet", "--depth", "2", f"file://{origin}", "refs/pull/12/merge")
    git(clone, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    return clone


def commands(log: str) -> list[str]:
    """The lines of a log that a runner obeys."""
    obeyed, token = [], None
    for line in log.splitlines():
        if token is not None:
            token = None if line.strip() == f"::{token}::" else token
        elif line.lstrip().startswith("::stop-commands::"):
            token = line.strip().removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            obeyed.append(line)
    assert token is None
    return obeyed


def test_a_change_is_said_in_the_summary_and_in_one_comment(runner: Runner) -> None:
    first = runner.run()
    assert first.code == 0, first.log
    assert commands(first.log) == []
    assert "starts a new run (1 pod, 0.5 CPU, 1Gi): Job/greet-" in first.summary
    assert "```mermaid\nflowchart LR\n" in first.summary
    (comment,) = runner.comments.kept
    assert comment["body"] == first.summary
    assert runner.comments.tokens == {f"Bearer {TOKEN}"}
    assert runner.comments.asked == [
        "GET /repos/acme/ml/issues/12/comments?per_page=100&page=1",
        "POST /repos/acme/ml/issues/12/comments",
    ]


def test_the_second_run_writes_the_same_comment_anew(runner: Runner, tmp_path: Path) -> None:
    runner.run()
    origin = tmp_path / "origin"
    repository(origin, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":2.0")})
    assert mlgen(origin, "render").code == 0
    committed(origin)
    runner._replace(clone=merged(origin, tmp_path / "clone")).run()
    assert runner.comments.asked[-1] == "PATCH /repos/acme/ml/issues/comments/1000"
    (comment,) = runner.comments.kept
    assert "greet:2.0" in comment["body"]


def test_the_comment_is_found_on_the_third_page_and_nobody_elses_is_touched(runner: Runner) -> None:
    for number in range(250):
        runner.comments.add(f"<!-- mlgen diff -->\nquoted by {number}", ANNA)
    mine = runner.comments.add("<!-- mlgen diff -->\nold", BOT)
    before = [comment["body"] for comment in runner.comments.kept[:-1]]
    runner.run()
    assert "starts a new run" in mine["body"]
    assert [comment["body"] for comment in runner.comments.kept[:-1]] == before
    assert [asked.rpartition("=")[2] for asked in runner.comments.asked[:3]] == ["1", "2", "3"]


def test_a_hundred_comments_are_not_the_last_page(runner: Runner) -> None:
    for number in range(100):
        runner.comments.add(str(number), BOT)
    runner.run()
    assert [asked.split()[0] for asked in runner.comments.asked] == ["GET", "GET", "POST"]


def test_a_comment_that_was_deleted_meanwhile_is_written_again(runner: Runner) -> None:
    runner.comments.add("<!-- mlgen diff -->\nold", BOT)
    runner.comments.refused["PATCH"] = 404
    runner.run()
    assert [asked.split()[0] for asked in runner.comments.asked] == ["GET", "PATCH", "POST"]
    assert len(runner.comments.kept) == 2


@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("GET", 401), ("POST", 403), ("POST", 404)])
def test_a_fork_has_its_summary_and_no_comment(runner: Runner, method: str, status: int) -> None:
    runner.comments.refused[method] = status
    done = runner.run()
    assert done.code == 0
    assert "starts a new run" in done.summary
    assert commands(done.log) == []
    assert f"({status})" in done.log


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[1, 2"])
def test_a_server_that_talks_nonsense_costs_the_comment_only(runner: Runner, answer: bytes) -> None:
    runner.comments.answer = answer
    done = runner.run()
    assert done.code == 0
    assert len(commands(done.log)) == 1
    assert commands(done.log)[0].startswith("::warning title=mlgen::the comment could not be written")


def test_a_server_that_fails_or_is_not_there_costs_the_comment_only(runner: Runner) -> None:
    runner.comments.refused["GET"] = 500
    assert runner.run().code == 0
    done = runner.run(GITHUB_API_URL="http://127.0.0.1:1")
    assert done.code == 0
    assert "could not be written (000)" in done.log


def test_without_a_token_nobody_is_asked(runner: Runner) -> None:
    done = runner.run(MLGEN_TOKEN="")
    assert (done.code, runner.comments.asked) == (0, [])
    assert "starts a new run" in done.summary


def test_who_wants_no_comment_gets_none(runner: Runner) -> None:
    assert runner.run(INPUT_COMMENT="false").code == 0
    assert runner.run(GITHUB_REF="refs/heads/main", GITHUB_BASE_REF="").code == 0
    assert runner.comments.asked == []


def test_what_changes_nothing_is_no_reason_to_comment(runner: Runner) -> None:
    done = runner.run(INPUT_BASE="HEAD")
    assert done.summary == "<!-- mlgen diff -->\n**mlgen**: nothing that is rendered changes.\n"
    assert runner.comments.kept == []
    mine = runner.comments.add("<!-- mlgen diff -->\nold", BOT)
    runner.run(INPUT_BASE="HEAD")
    assert "nothing that is rendered changes" in mine["body"]


def test_a_stale_overlay_and_a_broken_spec_are_annotated(runner: Runner) -> None:
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.2")})
    stale = runner.run()
    assert stale.code == 1
    assert any("title=mlgen (stale-overlay)" in line for line in commands(stale.log))
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace("workloads:", "wrkloads:")})
    broken = runner.run()
    assert broken.code == 1
    assert any("title=mlgen (unknown-key)" in line for line in commands(broken.log))
    assert "### mlgen check\n\n    projects/hello/mlgen.yaml:" in broken.summary
    assert "**mlgen check** found problems" in runner.comments.kept[0]["body"]


def test_what_a_cluster_would_refuse_is_annotated(runner: Runner) -> None:
    """It is sound by itself, so that only the comparison with the base tells."""
    lab = HEAD.format("Project", "lab") + "owner: team\nimage: ghcr.io/acme/lab:1.0\nworkloads:\n"
    for size in ("20Gi", "10Gi"):
        workload = f"  lab: {{kind: notebook, users: [anna], home: {{size: {size}}}}}\nenvironments: {{dev: {{}}}}\n"
        repository(runner.clone, {"projects/lab/mlgen.yaml": lab + workload})
        assert mlgen(runner.clone, "render").code == 0
        committed(runner.clone)
    done = runner.run(INPUT_BASE="HEAD^1")
    assert done.code == 1
    [line] = commands(done.log)
    assert line.startswith("::error ")
    assert "file=projects/lab/mlgen.yaml,line=7," in line
    assert "title=mlgen (immutable-change)" in line
    assert "kubectl delete -n ml-lab-dev persistentvolumeclaim/lab-anna-home" in done.summary


def test_warnings_fail_where_it_is_strict(runner: Runner) -> None:
    text = JOB.replace("owner: team", "owner: team\nsecrets: {unused: [KEY]}")
    repository(runner.clone, {"projects/hello/mlgen.yaml": text})
    assert mlgen(runner.clone, "render").code == 0
    assert runner.run().code == 0
    assert runner.run(INPUT_STRICT="true").code == 1


def test_the_exit_code_is_the_worst_of_all_steps(runner: Runner) -> None:
    missing = runner.run(INPUT_ROOT="nowhere")
    assert missing.code == 2
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.2")})
    assert runner.run(INPUT_BASE="nope").code == 2


def test_a_clone_without_the_base_says_so(runner: Runner, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "change", f"file://{tmp_path / 'origin'}", "shallow")
    done = runner._replace(clone=shallow).run()
    assert done.code == 2
    assert "check out with fetch-depth: 2" in done.log


def test_the_first_commit_of_all_has_nothing_to_be_compared_with(runner: Runner, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "main", f"file://{tmp_path / 'origin'}", "shallow")
    done = runner._replace(clone=tmp_path / "shallow").run(GITHUB_REF="refs/heads/main", GITHUB_BASE_REF="")
    assert (done.code, done.summary) == (0, "")


def test_a_head_that_was_checked_out_itself_is_compared_with_its_base_branch(runner: Runner, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--branch", "change", f"file://{tmp_path / 'origin'}", "whole")
    done = runner._replace(clone=tmp_path / "whole").run()
    assert done.code == 0
    assert "starts a new run" in done.summary


def test_the_problems_are_there_for_code_scanning(runner: Runner) -> None:
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace("workloads:", "wrkloads:")})
    assert runner.run(INPUT_SARIF="mlgen.sarif").code == 1
    found = json.loads((runner.clone / "mlgen.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert {result["ruleId"] for result in found} >= {"unknown-key"}


def test_code_scanning_gets_the_problems_of_the_commit(runner: Runner) -> None:
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace("workloads:", "wrkloads:")})
    done = runner.run(INPUT_SCANNING="true")
    assert (done.code, "mlgen: the problems are in code scanning" in done.log) == (1, True)
    (sent,) = runner.comments.scanned
    assert (sent["commit_sha"], sent["ref"]) == (head(runner.clone), "refs/pull/12/merge")
    (run,) = json.loads(gzip.decompress(base64.b64decode(sent["sarif"])))["runs"]
    assert (run["tool"]["driver"]["name"], sent["tool_name"]) == ("mlgen", "mlgen")
    assert {result["ruleId"] for result in run["results"]} >= {"unknown-key"}
    assert [row for row in runner.comments.asked if "sarif" in row] == ["POST /repos/acme/ml/code-scanning/sarifs"]
    assert not list(runner.clone.glob("*.sarif"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "mlgen: the token may not write to code scanning, or there is none (403)"),
        (500, "::warning title=mlgen::code scanning did not take the problems (500)"),
    ],
)
def test_what_code_scanning_does_not_take_is_no_failure(runner: Runner, status: int, said: str) -> None:
    runner.comments.refused["POST"] = status
    done = runner.run(INPUT_SCANNING="true", INPUT_COMMENT="false")
    assert (done.code, runner.comments.scanned) == (0, [])
    assert said in done.log.splitlines()
    assert "##[error]no" not in done.log


def test_a_fork_has_nothing_for_code_scanning(runner: Runner) -> None:
    done = runner.run(INPUT_SCANNING="true", MLGEN_TOKEN="")
    assert (done.code, runner.comments.asked) == (0, [])
    assert "mlgen: no token, so nothing for code scanning" in done.log


def head(clone: Path) -> str:
    return git(clone, "rev-parse", "HEAD").strip()


HOSTILE = [
    "$(touch hacked)`touch hacked`'; touch hacked; '",
    "--upload-pack=touch hacked",
    "x\n::error::forged\n ::error::forged\n##[error]forged",
    "::set-output name=x::y ##[error]forged",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_stranger_is_a_command(runner: Runner, text: str) -> None:
    spec = JOB.replace("owner: team", f"owner: team\ndescription: {json.dumps(text)}\n{json.dumps(text)}: 1")
    repository(runner.clone, {"projects/hello/mlgen.yaml": spec})
    for variables in (
        {"INPUT_BASE": text, "INPUT_STRICT": text, "INPUT_COMMENT": text},
        {"INPUT_ROOT": text, "GITHUB_BASE_REF": text, "GITHUB_REF": f"refs/pull/{text}/merge"},
    ):
        done = runner.run(**variables)
        assert done.code in (1, 2)
        assert not [line for line in commands(done.log) if "title=mlgen" not in line]
        assert not list(runner.clone.rglob("hacked"))


def test_what_is_checked_out_beside_it_is_not_what_runs(runner: Runner) -> None:
    """A pull request may bring a folder `mlgen`, and point Python at it."""
    (runner.clone / "mlgen").mkdir()
    (runner.clone / "mlgen" / "__init__.py").write_text("raise SystemExit('hacked')")
    assert runner.run(PYTHONPATH=str(runner.clone)).code == 0


def test_the_workflow_that_init_writes_does_the_same(runner: Runner) -> None:
    """Its last step, on what it wrote; the steps before it check out and install."""
    assert mlgen(runner.clone, "init", "--ci", "github").code == 0
    workflow = yaml.safe_load((runner.clone / ".github/workflows/mlgen-check.yml").read_text("utf-8"))
    checkout, *_, install, last = workflow["jobs"]["check"]["steps"]
    assert checkout["with"]["fetch-depth"] == 2
    assert install["run"].endswith("--requirement .github/mlgen/requirements.txt")
    assert last["env"] == {"MLGEN_TOKEN": "${{ github.token }}"}
    done = runner.run(step=last["run"])
    assert done.code == 0, done.log
    assert "starts a new run" in runner.comments.kept[0]["body"]


def test_a_pull_request_answers_for_what_it_can_touch(runner: Runner, tmp_path: Path) -> None:
    """What is stale on the branch already is said where it is pushed to, and fails nobody else's pull request."""
    origin = tmp_path / "origin"
    git(origin, "checkout", "--quiet", "main")
    with (origin / "overlays/web/dev/kustomization.yaml").open("a") as file:
        file.write("# by hand\n")
    committed(origin)
    git(origin, "checkout", "--quiet", "change")
    here = runner._replace(clone=merged(origin, tmp_path / "clone"))
    assert here.run().code == 0
    assert here.run(GITHUB_REF="refs/heads/main", GITHUB_BASE_REF="").code == 1
    repository(
        here.clone, {"environments/dev.yaml": (here.clone / "environments/dev.yaml").read_text("utf-8") + "# x\n"}
    )
    assert here.run().code == 1, "an environment touches every project"
