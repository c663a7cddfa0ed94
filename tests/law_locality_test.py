"""Law 2: a change to one environment or one project stays there, so that branches merge in git without a conflict."""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from tests.platforms import Changed, Tree, changes_of_a_project, changes_of_an_environment, files

from mlgen import engine
from mlgen.commands.render import check, render
from mlgen.platform import load
from mlgen.problem import errors

EXAMPLES = 40


def rendered(tree: Tree) -> dict[str, str]:
    """Every file below overlays/, by its path there; what mlgen refuses is no example."""
    platform = load(files(tree))
    result = engine.render(platform, platform.projects)
    if errors(result.problems):
        reject()
    return {f"{name}/{path}": text for name, inner in result.files.items() for path, text in inner.items()}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def stays(change: Changed) -> bool:
    """Assert that only the files of what was changed differ; whether any do."""
    touched = differing(rendered(change.before), rendered(change.after))
    for path in touched:
        where = path.split("/")
        assert change.project in (None, where[0]), f"{path} changed with {change.project}"
        assert change.environment in (None, where[1]), f"{path} changed with {change.environment}"
    return bool(touched)


@pytest.mark.parametrize("changes", [changes_of_an_environment, changes_of_a_project])
def test_a_change_stays_where_it_is_made(changes: Callable[[], st.SearchStrategy[Changed]]) -> None:
    """Locality: a change to one environment (its file, or the project's `environments.<env>`, or its release) changes
    files of that environment only; a change to one project changes files of that project only."""
    seen: Counter[bool] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(changes())
    def one(change: Changed) -> None:
        seen[stays(change)] += 1

    one()
    assert seen[True] >= EXAMPLES // 3, "many changes should change something"


# ---- the same with git ------------------------------------------------------------------------------------------

BASE = {
    "environments/base.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: base
registry: {host: registry.example.com/ml}
domain: ml.example.com
network:
  ingress: {class: nginx}
""",
    "environments/dev.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: dev
domain: dev.ml.example.com
gitops: {engine: flux, repository: "https://git.example.com/acme/ml.git"}
""",
    "environments/prod.yaml": """\
apiVersion: mlgen.dev/v1
kind: Environment
name: prod
registry: {host: acme.example}
gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"}
""",
    "projects/alpha/mlgen.yaml": """\
apiVersion: mlgen.dev/v1
kind: Project
name: alpha
owner: growth-ml
image: alpha
workloads:
  train:
    kind: job
    command: [python, -m, alpha.train]
  serve:
    kind: serving
    server: custom
    replicas: {min: 2, max: 6}
    host: alpha
environments:
  dev:
    workloads:
      train: {env: {EPOCHS: 1}}
  prod:
    workloads:
      serve: {replicas: {min: 4}}
""",
    "projects/alpha/releases.yaml": """\
apiVersion: mlgen.dev/v1
kind: Releases
environments:
  dev:
    images: {alpha: 1.5.0}
  # one line between the environments, and git merges both
  prod:
    images: {alpha: 1.4.2}
""",
    "projects/beta/mlgen.yaml": """\
apiVersion: mlgen.dev/v1
kind: Project
name: beta
owner: maps-ml
workloads:
  sync: {kind: job, image: "docker.io/library/python:3.13-slim", schedule: "0 2 * * *"}
environments: {dev: {}, prod: {}}
""",
}


class Edit(NamedTuple):
    """``old`` becomes ``new`` in a file; without ``old`` the file is written anew, without ``new`` it goes."""

    file: str
    old: str
    new: str


SPEC, PINS, OTHER = "projects/alpha/mlgen.yaml", "projects/alpha/releases.yaml", "projects/beta/mlgen.yaml"
DEV, PROD = "environments/dev.yaml", "environments/prod.yaml"
GAMMA = Edit("projects/gamma/mlgen.yaml", "", BASE[OTHER].replace("beta", "gamma"))
DELTA = Edit("projects/delta/mlgen.yaml", "", BASE[OTHER].replace("beta", "delta").replace("sync", "delta"))
QA = Edit("environments/qa.yaml", "", BASE[DEV].replace("name: dev", "name: qa"))
IN_QA = Edit(OTHER, "{dev: {}, prod: {}}", "{dev: {}, prod: {}, qa: {}}")
ALPHA_TRAINS = Edit(SPEC, "alpha.train]", "alpha.train, --fast]")
ALPHA_IN_DEV = Edit(SPEC, "EPOCHS: 1", "EPOCHS: 2")
ALPHA_IN_PROD = Edit(SPEC, "{min: 4}", "{min: 5}")
NO_HOST_IN_DEV = Edit(SPEC, "EPOCHS: 1}}\n", "EPOCHS: 1}}\n      serve: {host: null, replicas: {max: null}}\n")
NOT_IN_PROD = Edit(SPEC, "{replicas: {min: 4}}", "null")
DEV_RELEASE, PROD_RELEASE = Edit(PINS, "1.5.0", "1.6.0-rc.1"), Edit(PINS, "1.4.2", "1.5.0")
BETA_SYNCS = Edit(OTHER, '"0 2 * * *"', '"0 3 * * *"')
BETA_RENAMED = Edit(OTHER, "sync:", "copy:")
NO_BETA = Edit(OTHER, BASE[OTHER], "")
DEV_DOMAIN = Edit(DEV, "dev.ml", "try.ml")
PROD_REGISTRY = Edit(PROD, "acme.example", "acme.example/ml")

MERGES: Mapping[str, tuple[list[Edit], list[Edit]]] = {
    "two new projects": ([GAMMA], [DELTA]),
    "a new project and a change of another": ([GAMMA], [ALPHA_TRAINS]),
    "changes of two projects": ([ALPHA_TRAINS], [BETA_SYNCS]),
    "a project goes and another is changed": ([NO_BETA], [ALPHA_TRAINS]),
    "a project goes and another comes": ([NO_BETA], [GAMMA]),
    "a renamed workload and another project": ([BETA_RENAMED], [ALPHA_TRAINS, ALPHA_IN_PROD]),
    "two environments of one project": ([ALPHA_IN_DEV], [ALPHA_IN_PROD]),
    "objects that go in one environment": ([NO_HOST_IN_DEV], [ALPHA_IN_PROD]),
    "objects that go in two environments": ([NO_HOST_IN_DEV], [NOT_IN_PROD]),
    "releases of two environments": ([DEV_RELEASE], [PROD_RELEASE]),
    "a release and a change elsewhere": ([DEV_RELEASE], [ALPHA_IN_PROD]),
    "two environments' files": ([DEV_DOMAIN], [PROD_REGISTRY]),
    "an environment's file and a release of another": ([DEV_DOMAIN], [PROD_RELEASE]),
    "an environment's file and a project elsewhere": ([PROD_REGISTRY], [ALPHA_IN_DEV]),
    "a new environment and a change to an old one": ([QA, IN_QA], [DEV_DOMAIN]),
    "a new environment and another project": ([QA, IN_QA], [ALPHA_TRAINS, DEV_RELEASE]),
}


class Repository:
    """A git repository whose every commit is rendered."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commits = count()

    def git(self, *arguments: str) -> str:
        who = {
            f"GIT_{role}_{what}": "law@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env={**os.environ, **who, **quiet}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def commit(self, edits: list[Edit]) -> None:
        for edit in edits:
            path = self.root / edit.file
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text("utf-8") if edit.old else ""
            assert edit.old in text, f"{edit.old!r} is not in {edit.file}"
            if edit.new:
                path.write_text(text.replace(edit.old, edit.new) if edit.old else edit.new, "utf-8")
            else:
                path.unlink()
        self.render()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"commit {next(self.commits)}")

    def render(self) -> None:
        code = render(self.root, [], environment=None, force=False, form="text", strict=False, fail_on_change=False)
        assert code == 0


@pytest.mark.parametrize("name", MERGES)
def test_branches_merge_without_a_conflict(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So two branches that change two projects, or two environments of one, merge in git without a conflict; and what
    was merged is what mlgen renders from the merged specs.

    The law speaks of overlays/. Two branches that change neighbouring lines of one mlgen.yaml have a conflict there, as
    in any file that people share; so the edits here stand a line apart.
    """
    repository = Repository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit([Edit(file, "", text) for file, text in BASE.items()])
    for branch, edits in zip(("one", "other"), MERGES[name], strict=True):
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.commit(edits)
        assert "overlays/" in repository.git("diff", "--name-only", "main", branch)
    repository.git("merge", "--quiet", "--no-edit", "one")
    said = capsys.readouterr()
    assert check(tmp_path, [], environment=None, form="text", strict=True) == 0, (said, capsys.readouterr())
    repository.render()
    assert repository.git("status", "--porcelain") == ""
