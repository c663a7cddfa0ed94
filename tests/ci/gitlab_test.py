"""The merge-request check that `mlgen init --ci gitlab` writes, really run, with a server that keeps the notes."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from tests.ci.check_test import programs
from tests.ci.comments import ANNA, BOT, Comments, served
from tests.commands.diff_test import GIT, committed, git
from tests.terminal import FILES, HEAD, JOB, Done, mlgen, repository

TOKEN = "glpat-" + "t0k3n" * 4


class Runner(NamedTuple):
    """A runner of GitLab's, in the clone of a merge request's branch."""

    clone: Path
    base: str
    comments: Comments

    def run(self, **variables: str) -> Done:
        job = yaml.safe_load((self.clone / ".gitlab/mlgen.yml").read_text("utf-8"))["mlgen-check"]
        install, *rest = job["script"]
        assert install.endswith(".gitlab/mlgen/requirements.txt")
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(rest)],
            cwd=self.clone,
            env={
                **os.environ,
                **GIT,
                "PATH": f"{programs(self.clone.parent)}{os.pathsep}{os.environ['PATH']}",
                "CI_API_V4_URL": f"{self.comments.address}/api/v4",
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
                "MLGEN_TOKEN": TOKEN,
                "no_proxy": "*",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert TOKEN not in done.stdout + done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def report(self, name: str) -> str:
        return (self.clone / name).read_text("utf-8")


@pytest.fixture
def comments() -> Iterator[Comments]:
    with served() as found:
        yield found


@pytest.fixture
def runner(tmp_path: Path, comments: Comments) -> Runner:
    clone = repository(tmp_path / "clone", FILES)
    git(clone, "init", "--quiet")
    mlgen(clone, "init", "--ci", "gitlab")
    mlgen(clone, "render")
    committed(clone)
    base = git(clone, "rev-parse", "HEAD").strip()
    repository(clone, {"projects/hello/mlgen.yaml": JOB.replace(":1.0", ":1.1")})
    mlgen(clone, "render")
    committed(clone)
    return Runner(clone, base, comments)


def test_a_change_is_said_in_the_log_and_in_one_note(runner: Runner) -> None:
    for number in range(120):
        runner.comments.add(f"<!-- mlgen diff -->\nquoted by {number}", ANNA)
    done = runner.run()
    assert done.code == 0, done.err
    assert "starts a new run (1 pod, 0.5 CPU, 1Gi): Job/greet-" in done.out
    assert json.loads(runner.report("mlgen-codequality.json")) == []
    assert "<testsuites" in runner.report("mlgen-junit.xml")
    note = runner.comments.kept[-1]
    assert (note["author"], len(runner.comments.kept)) == (BOT, 121)
    assert "```mermaid" in note["body"]
    assert runner.run().code == 0
    assert len(runner.comments.kept) == 121
    assert runner.comments.tokens == {TOKEN}
    assert runner.comments.asked[:2] == [
        "GET /api/v4/user",
        "GET /api/v4/projects/42/merge_requests/7/notes?per_page=100&page=1",
    ]
    assert runner.comments.asked[-1] == f"PUT /api/v4/projects/42/merge_requests/7/notes/{note['id']}"


def test_what_is_wrong_is_in_the_reports_and_fails(runner: Runner) -> None:
    repository(runner.clone, {"projects/hello/mlgen.yaml": JOB.replace("workloads:", "wrkloads:")})
    done = runner.run()
    assert done.code == 1
    found = json.loads(runner.report("mlgen-codequality.json"))
    assert {one["location"]["path"] for one in found} == {"projects/hello/mlgen.yaml"}
    assert "unknown-key" in runner.report("mlgen-junit.xml")


def test_what_a_cluster_would_refuse_fails(runner: Runner) -> None:
    lab = HEAD.format("Project", "lab") + "owner: team\nimage: ghcr.io/acme/lab:1.0\nworkloads:\n"
    for size in ("20Gi", "10Gi"):
        workload = f"  lab: {{kind: notebook, users: [anna], home: {{size: {size}}}}}\nenvironments: {{dev: {{}}}}\n"
        repository(runner.clone, {"projects/lab/mlgen.yaml": lab + workload})
        assert mlgen(runner.clone, "render").code == 0
        committed(runner.clone)
    base = git(runner.clone, "rev-parse", "HEAD^1").strip()
    done = runner.run(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert done.code == 1
    assert "error[immutable-change]" in done.err
    assert "kubectl delete" in runner.comments.kept[-1]["body"]


def test_without_a_token_or_where_it_may_not_there_is_no_note(runner: Runner) -> None:
    assert runner.run(MLGEN_TOKEN="").code == 0
    assert runner.comments.asked == []
    runner.comments.refused["GET"] = 401
    assert runner.run().code == 0
    assert runner.comments.kept == []


def test_a_clone_without_the_base_says_so(runner: Runner) -> None:
    done = runner.run(CI_MERGE_REQUEST_DIFF_BASE_SHA="f" * 40)
    assert done.code == 2
    assert 'GIT_DEPTH: "0"' in done.err
