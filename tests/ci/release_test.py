"""What `mlgen init --ci` writes, really run: a merge is built, released, rendered and committed by its steps."""

import base64
import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from tests.ci.check_test import programs
from tests.ci.pipelines_test import checked, steps, valid
from tests.commands.diff_test import GIT, committed, git
from tests.git_server import serving
from tests.terminal import Done, mlgen

from mlgen.ci import HOSTS

FOLDER = {"github": ".github/mlgen", "gitlab": ".gitlab/mlgen"}
WRITTEN = {
    "github": {
        ".github/workflows/mlgen-check.yml": "github-workflows",
        ".github/workflows/mlgen-release.yml": "github-workflows",
        "renovate.json": "renovate",
    },
    "gitlab": {".gitlab-ci.yml": "gitlab-ci", ".gitlab/mlgen.yml": "gitlab-ci", "renovate.json": "renovate"},
}
SPEC = """\
apiVersion: mlgen.dev/v1
kind: Project
name: {name}
owner: growth-ml
image: {name}
workloads:
  serve: {{kind: job, command: [serve]}}
environments: {{dev: {{}}, staging: {{}}}}
"""
# Records what it is asked for, one argument a line, and plays a registry that knows each image by its tag.
DOCKER = """\
#!/bin/sh
{ for word in "$@"; do printf '%s\\n' "$word"; done; echo; } >>"$DOCKER_LOG"
case $1 in
  login) cat >>"$DOCKER_LOG.password" ;;
  build) [ ! -e "$DOCKER_LOG.broken" ] || exit 1 ;;
  image)
    for last in "$@"; do :; done
    printf 'other.example/x@sha256:%064d\\n' 0
    printf '%s@sha256:%s\\n' "${last%:*}" "$(printf '%s' "$last" | sha256sum | cut -c 1-64)"
    ;;
esac
"""


class Team(NamedTuple):
    """A team's clone and its remote, with a registry that is none."""

    folder: Path
    clone: Path
    host: str

    def shell(self, script: str, **variables: str) -> Done:
        """Run a step's script as the host would, on a machine that has docker and mlgen."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.clone,
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI_"))},
                **GIT,
                "PATH": f"{programs(self.folder)}{os.pathsep}{os.environ['PATH']}",
                "DOCKER_LOG": str(self.folder / "docker.log"),
                "RUNNER_TEMP": str(self.folder),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def build(self, before: str, **variables: str) -> list[str]:
        """Run the build job; the lines that it hands on."""
        done = self.built(before, **variables)
        assert done.code == 0, done.out + done.err
        return (self.folder / "images").read_text("utf-8").splitlines()

    def built(self, before: str, **variables: str) -> Done:
        (self.folder / "output").write_text("")
        return self.shell(script(self, "build"), GITHUB_OUTPUT=str(self.folder / "output"), **sent(before, **variables))

    def release(self, images: list[str], **variables: str) -> Done:
        """Run the release job on what the build job handed on."""
        (self.folder / "images").write_text("".join(f"{line}\n" for line in images))
        given = {
            "IMAGES": "\n".join(images),
            "BRANCH": "main",
            "CI_COMMIT_BRANCH": "main",
            "CI_PROJECT_URL": f"file://{self.folder / 'remote'}",
            "ENVIRONMENT": "dev",
            **{f"GIT_{who}_{what}": "bot@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        return self.shell(script(self, "release"), **{**given, **variables})

    def asked(self) -> list[list[str]]:
        """Every call of docker, by its arguments."""
        log = self.folder / "docker.log"
        calls = log.read_text("utf-8").split("\n\n") if log.exists() else []
        return [call.split("\n") for call in calls if call]

    def head(self) -> str:
        return git(self.folder / "remote.git", "rev-parse", "main").strip()


def sent(before: str, **variables: str) -> dict[str, str]:
    return {
        "BEFORE": before,
        "CI_COMMIT_BEFORE_SHA": before,
        "REGISTRY": "registry.example.com/ml",
        "REGISTRY_USER": "robot",
        "REGISTRY_PASSWORD": "s3cret",
        **variables,
    }


def script(team: Team, job: str) -> str:
    """What a job of the written pipeline runs, but for what installs programs; it writes and reads our folder."""
    if team.host == "github":
        tree = yaml.safe_load((team.clone / ".github/workflows/mlgen-release.yml").read_text("utf-8"))
        lines = [step["run"] for step in steps(tree["jobs"][job])]
    else:
        lines = yaml.safe_load((team.clone / ".gitlab/mlgen.yml").read_text("utf-8"))[f"mlgen-{job}"]["script"]
    mine = [line for line in lines if not re.match(r"python -m pip install --quiet|apk add", line)]
    return "\n".join(mine).replace(" mlgen-images", ' "$RUNNER_TEMP/images"')


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By host, from an empty folder: a repository whose first commit is what `mlgen init --ci` wrote, and projects."""
    return {host: begun(tmp_path_factory.mktemp(host), host) for host in HOSTS}


@pytest.fixture(params=HOSTS)
def team(request: pytest.FixtureRequest, made: dict[str, Path], tmp_path: Path) -> Team:
    return joined(made, tmp_path, request.param)


@pytest.fixture
def github(made: dict[str, Path], tmp_path: Path) -> Team:
    return joined(made, tmp_path, "github")


def begun(folder: Path, host: str) -> Path:
    clone = folder / "clone"
    git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", "remote.git")
    git(folder, "init", "--quiet", "--initial-branch", "main", "clone")
    assert mlgen(clone, "init", "--ci", host).code == 0
    for name in ("churn", "eta"):
        write(clone, {f"projects/{name}/mlgen.yaml": SPEC.format(name=name), f"projects/{name}/Dockerfile": "FROM x\n"})
    assert mlgen(clone, "render").code == 0
    committed(clone)
    git(clone, "push", "--quiet", f"file://{folder / 'remote.git'}", "main")
    return folder


def joined(made: dict[str, Path], folder: Path, host: str) -> Team:
    for name in ("clone", "remote.git"):
        shutil.copytree(made[host] / name, folder / name)
    git(folder / "clone", "remote", "add", "origin", f"file://{folder / 'remote.git'}")
    docker = programs(folder) / "docker"
    docker.write_text(DOCKER)
    docker.chmod(docker.stat().st_mode | stat.S_IXUSR)
    return Team(folder, folder / "clone", host)


def change(team: Team, files: dict[str, str]) -> str:
    """Merge a change; the commit before it."""
    before = git(team.clone, "rev-parse", "HEAD").strip()
    write(team.clone, files)
    committed(team.clone)
    git(team.clone, "push", "--quiet", "origin", "HEAD:main")
    return before


def test_everything_written_is_sound_and_pinned(tmp_path: Path) -> None:
    for host, files in WRITTEN.items():
        root = tmp_path / host
        root.mkdir()
        assert mlgen(root, "init", "--ci", host).code == 0
        for path, schema in files.items():
            assert valid(root / path, schema) == "", path
        for shell in (root / FOLDER[host]).glob("*.sh"):
            assert checked(shell) == ""
        for workflow in root.glob(".github/workflows/*.yml"):
            text = workflow.read_text("utf-8")
            assert set(re.findall(r"uses: (.*)", text)) <= pins()
            for step in steps(yaml.safe_load(text)):
                assert "${{" not in step["run"]
                assert subprocess.run(["bash", "-n"], input=step["run"], text=True, check=False).returncode == 0
        assert "<%" not in "".join(file.read_text("utf-8") for file in root.glob(".git*/**/*") if file.is_file())
        requirement = (root / FOLDER[host] / "requirements.txt").read_text("utf-8")
        assert re.fullmatch(r"mlgen==[0-9.]+\n", requirement)


def pins() -> set[str]:
    """The actions of this repository's own workflows, which others keep up to date."""
    texts = [path.read_text("utf-8") for path in Path(__file__).parents[2].glob(".github/workflows/*.yml")]
    return {found for text in texts for found in re.findall(r"uses: (.*@[0-9a-f]{40} # v[0-9.]+)", text)}


def test_a_merge_is_built_released_and_committed(team: Team) -> None:
    before = change(team, {"projects/churn/train.py": "print(1)\n"})
    images = team.build(before)
    tag, digest = re.fullmatch(
        r"churn registry\.example\.com/ml/churn:(build-[0-9a-f]{12})@(sha256:[0-9a-f]{64})", "\n".join(images)
    ).groups()  # type: ignore[union-attr]
    head = git(team.clone, "rev-parse", "HEAD").strip()
    assert team.asked() == [
        ["login", "--username", "robot", "--password-stdin", "registry.example.com"],
        [
            *("build", "--label", f"org.opencontainers.image.revision={head}"),
            *("--tag", f"registry.example.com/ml/churn:{tag}", "projects/churn"),
        ],
        ["push", f"registry.example.com/ml/churn:{tag}"],
        [
            *("image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}"),
            f"registry.example.com/ml/churn:{tag}",
        ],
    ]
    assert (team.folder / "docker.log.password").read_text() == "s3cret"
    if team.host == "github":
        assert (team.folder / "output").read_text() == f"images<<mlgen\n{images[0]}\nmlgen\n"
    done = team.release(images)
    assert done.code == 0, done.out + done.err
    git(team.clone, "fetch", "--quiet", "origin", "main")
    files = git(team.clone, "diff", "--name-only", head, "FETCH_HEAD").splitlines()
    assert "projects/churn/releases.yaml" in files
    assert all(file == "projects/churn/releases.yaml" or file.startswith("overlays/churn/dev/") for file in files)
    assert git(team.clone, "log", "-1", "--format=%s|%an", "FETCH_HEAD") == "Release churn to dev|bot@x\n"
    git(team.clone, "checkout", "--quiet", "FETCH_HEAD")
    assert f"{tag}@{digest}" in mlgen(team.clone, "build", "churn", "--env", "dev").out
    assert mlgen(team.clone, "check").code == 0
    # What it committed is no reason to build again.
    assert team.build(head) == []


def test_a_change_of_the_spec_alone_builds_nothing(github: Team) -> None:
    spec = SPEC.format(name="churn").replace("[serve]", "[serve, x]")
    assert github.build(change(github, {"projects/churn/mlgen.yaml": spec, "README.md": "x"})) == []
    assert github.asked() == []


@pytest.mark.parametrize("before", ["0" * 40, "", "f" * 40, "--help", "$(touch hacked)"])
def test_without_a_commit_to_compare_with_everything_is_built(github: Team, before: str) -> None:
    assert [line.split()[0] for line in github.build(before)] == ["churn", "eta"]
    assert not list(github.clone.rglob("hacked"))


def test_a_registry_that_wants_no_password_is_given_none(github: Team) -> None:
    github.build(change(github, {"projects/eta/x": "x"}), REGISTRY_PASSWORD="")
    assert [call[0] for call in github.asked()] == ["build", "push", "image"]


@pytest.mark.parametrize(
    ("image", "built"),
    [
        ("team/churn", "registry.example.com/ml/team/churn"),
        ("churn # ours", "registry.example.com/ml/churn"),
        ('"team/churn:1.0"', "registry.example.com/ml/team/churn"),
        ("ghcr.io/acme/churn", "ghcr.io/acme/churn"),
        ("$(touch hacked)", "registry.example.com/ml/churn"),
        ("--help", "registry.example.com/ml/churn"),
    ],
)
def test_an_image_has_the_name_that_the_spec_gives_it(github: Team, image: str, built: str) -> None:
    spec = SPEC.format(name="churn").replace("image: churn", f"image: {image}")
    (line,) = github.build(change(github, {"projects/churn/mlgen.yaml": spec, "projects/churn/x": ""}))
    assert line.startswith(f"churn {built}:build-")
    assert not list(github.clone.rglob("hacked"))
    if image[0] not in "$-":
        assert github.release([line]).code == 0
        git(github.clone, "checkout", "--quiet", "FETCH_HEAD")
        git(github.clone, "pull", "--quiet", "origin", "main")
        assert line.split()[1] in mlgen(github.clone, "build", "churn", "--env", "dev").out


def test_a_build_that_fails_fails(github: Team) -> None:
    before = change(github, {"projects/eta/x": "x"})
    (github.folder / "docker.log.broken").touch()
    assert github.built(before).code != 0


def test_the_same_content_has_the_same_tag_and_nothing_is_committed_twice(github: Team) -> None:
    before = change(github, {"projects/churn/x": "x"})
    images = github.build(before)
    assert github.build(before) == images
    assert github.release(images).code == 0
    head = github.head()
    again = github.release(images)
    assert (again.code, github.head()) == (0, head)
    assert "nothing to release" in again.out


def test_an_older_run_does_not_undo_a_newer_one(github: Team) -> None:
    old = github.build(change(github, {"projects/churn/x": "1"}))
    new = github.build(change(github, {"projects/churn/x": "2"}))
    assert github.release(new).code == 0
    head = github.head()
    late = github.release(old)
    assert (late.code, github.head()) == (0, head)
    assert "main has a newer churn" in late.out


def test_whoever_pushes_meanwhile_loses_nothing(github: Team) -> None:
    """Somebody's push arrives in between, twice: a hook of the remote plays it."""
    images = github.build(change(github, {"projects/churn/x": "x"}))
    hook = github.folder / "remote.git/hooks/pre-receive"
    hook.write_text(
        "#!/bin/sh\nunset GIT_QUARANTINE_PATH\n"
        'n=$(cat n 2>/dev/null || echo 0); [ "$n" -lt 2 ] || exit 0; echo $((n + 1)) >n\n'
        "t=$(git rev-parse main^{tree}); export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a"
        " GIT_COMMITTER_EMAIL=a\n"
        "unset GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        'git update-ref refs/heads/main "$(git commit-tree -p main -m "by anna $n" "$t")"\n'
    )
    hook.chmod(0o755)
    done = github.release(images)
    assert done.code == 0, done.out + done.err
    subjects = git(github.folder / "remote.git", "log", "-3", "--format=%s", "main").splitlines()
    assert subjects == ["Release churn to dev", "by anna 1", "by anna 0"]


def test_what_one_project_lacks_stops_no_other(github: Team) -> None:
    spec = SPEC.format(name="churn").replace("{dev: {}, staging: {}}", "{staging: {}}")
    images = github.build(
        change(github, {"projects/churn/mlgen.yaml": spec, "projects/churn/x": "", "projects/eta/x": ""})
    )
    done = github.release(images)
    assert done.code == 1
    assert "| mlgen: `churn` does not run in `dev`" in done.out
    assert git(github.folder / "remote.git", "log", "-1", "--format=%s", "main") == "Release eta to dev\n"


HOSTILE = ["$(touch hacked)", "`touch hacked`", "; touch hacked", "-x", "a b", "É", "--help", "&& touch hacked", "A"]


def test_no_name_of_a_folder_is_run(github: Team) -> None:
    files = {f"projects/{name}/Dockerfile": "FROM x\n" for name in HOSTILE}
    assert github.build(change(github, {**files, "projects/eta/x": "x"})) != []
    assert [call[-1] for call in github.asked() if call[0] == "build"] == ["projects/eta"]
    assert not [*github.clone.rglob("hacked"), *github.folder.glob("hacked")]


@pytest.mark.parametrize(
    "line",
    [
        "$(touch hacked) x:1@sha256:" + "0" * 64,
        "churn x:$(touch${IFS}hacked)@sha256:" + "0" * 64,
        "churn --help",
        "--help x:1@sha256:" + "0" * 64,
        "churn x:1",
    ],
)
def test_no_line_that_build_did_not_write_is_released(github: Team, line: str) -> None:
    head = github.head()
    done = github.release([line])
    assert (done.code, github.head()) == (2, head)
    assert not list(github.clone.rglob("hacked"))


def test_a_branch_with_an_odd_name_is_a_branch(github: Team) -> None:
    odd = "rel/$(touch${IFS}hacked);x"
    git(github.clone, "push", "--quiet", "origin", f"HEAD:refs/heads/{odd}")
    write(github.clone, {"projects/churn/x": "x"})
    committed(github.clone)
    git(github.clone, "push", "--quiet", "origin", f"HEAD:refs/heads/{odd}")
    images = github.build(git(github.clone, "rev-parse", "HEAD^").strip())
    assert github.release(images, BRANCH=odd).code == 0
    assert git(github.folder / "remote.git", "log", "-1", "--format=%s", odd) == "Release churn to dev\n"
    assert not [*github.clone.rglob("hacked"), *github.folder.rglob("hacked")]


def test_the_token_is_given_to_the_server_alone(github: Team) -> None:
    """A repository that nobody may read without it; it is in nothing that is printed or written."""
    images = github.build(change(github, {"projects/churn/x": "x"}))
    basic = base64.b64encode(b"x-access-token:t0ken").decode()
    with serving(github.folder, f"Basic {basic}") as (address, _):
        git(github.clone, "remote", "set-url", "origin", f"{address}/remote.git")
        refused = github.release(images, MLGEN_TOKEN="another")
        done = github.release(images, MLGEN_TOKEN="t0ken")
    assert refused.code != 0
    assert done.code == 0, done.err
    assert git(github.folder / "remote.git", "log", "-1", "--format=%s", "main") == "Release churn to dev\n"
    assert "t0ken" not in done.out + done.err
    assert not [path for path in (github.clone / ".git").rglob("*") if path.is_file() and b"t0ken" in path.read_bytes()]


def test_a_pipeline_that_is_there_stays(tmp_path: Path) -> None:
    own = {
        ".gitlab-ci.yml": "mine: {script: [true]}\n",
        ".github/workflows/mlgen-check.yml": "mine\n",
        "CODEOWNERS": "* @anna\n",
        "renovate.json": "{}\n",
    }
    write(tmp_path, own)
    for host in HOSTS:
        done = mlgen(tmp_path, "init", "--ci", host)
        assert done.code == 0
    assert {path: (tmp_path / path).read_text("utf-8") for path in own} == own
    assert not (tmp_path / ".github/CODEOWNERS").exists(), "GitHub would read it in place of theirs"
    assert "include: [{local: .gitlab/mlgen.yml}]" in done.err
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert mlgen(tmp_path, "init", "--ci", "gitlab").err == "Nothing to do.\n"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("url", "host", "owner"),
    [
        ("git@github.com:acme/ml.git", "github", "@acme/growth-ml"),
        ("https://github.com/acme/ml", "github", "@acme/growth-ml"),
        ("ssh://git@git.example.com:22/acme/ml.git", "github", "@acme/growth-ml"),
        ("https://gitlab.com/acme/data/ml.git", "gitlab", "@acme/data/growth-ml"),
        ("git@gitlab.com:acme/data/ml.git", "gitlab", "@acme/data/growth-ml"),
        ("https://x/a\nb/ml.git", "github", None),
        ("/srv/git/ml.git", "github", None),
        ("", "github", None),
    ],
)
def test_the_owners_are_teams_of_where_the_repository_is(
    tmp_path: Path, url: str, host: str, owner: str | None
) -> None:
    write(tmp_path, {"projects/churn/mlgen.yaml": SPEC.format(name="churn")})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "remote.origin.url", url)
    mlgen(tmp_path, "init", "--ci", host)
    text = (tmp_path / HOSTS[host].owners[0]).read_text("utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    if owner is None:
        assert rows == [], "an owner that nobody knows would be one that nobody asks"
        assert re.search("^# /projects/churn/ +@ORGANISATION/growth-ml$", text, re.M)
        return
    platform = owner.replace("growth-ml", "ml-platform")
    assert rows == [
        ["*", platform],
        ["/projects/churn/", owner],
        ["/overlays/churn/", owner],
        ["/overlays/*/prod/", platform],
        ["/overlays/clusters/", platform],
    ]


def test_below_the_top_of_a_repository_nobody_looks_for_pipelines(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "ml").mkdir()
    for name in ("ml", "new/one"):
        done = mlgen(tmp_path, "init", "--ci", "github", name)
        assert (done.code, done.out) == (2, "")
        assert f"the top of a repository, and {name} is below it" in done.err
    assert [path.name for path in tmp_path.rglob("*") if ".git" not in path.parts] == ["ml"]


def test_a_platform_that_cannot_be_read_has_pipelines_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"environments/base.yaml": "[", "projects/x/mlgen.yaml": "owner: 'a\n* @evil'\n"})
    assert mlgen(tmp_path, "init", "--ci", "github").code == 0
    assert "@evil" not in (tmp_path / ".github/CODEOWNERS").read_text("utf-8")
    for path, schema in WRITTEN["github"].items():
        assert valid(tmp_path / path, schema) == ""


def found(config: dict[str, Any], path: str, text: str) -> set[tuple[str, str, str | None]]:
    """What Renovate's regex manager takes from a file: name, version, digest. RE2 and Python read these alike."""
    result = set()
    for manager in config["customManagers"]:
        if any(re.search(pattern.strip("/"), path) for pattern in manager["managerFilePatterns"]):
            for pattern in manager["matchStrings"]:
                for match in re.finditer(pattern.replace("(?<", "(?P<"), text):
                    name = manager.get("packageNameTemplate", "{{{depName}}}").replace(
                        "{{{depName}}}", match["depName"]
                    )
                    result.add((name, match["currentValue"], match["currentDigest"]))
    return result


def test_renovate_finds_what_people_write_and_leaves_overlays_alone(tmp_path: Path) -> None:
    mlgen(tmp_path, "init", "--ci", "github")
    assert mlgen(tmp_path, "new", "churn", "--example", "churn").code == 0
    config = json.loads((tmp_path / "renovate.json").read_text("utf-8"))

    def look(path: str) -> set[tuple[str, str, str | None]]:
        return found(config, path, (tmp_path / path).read_text("utf-8"))

    digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    assert look("projects/churn/releases.yaml") == {("registry.example.com/ml/churn", "1.4.2", digest)}
    assert look("projects/hello/mlgen.yaml") == {("docker.io/library/python", "3.13-slim", None)}
    assert look("environments/base.yaml") == {
        ("docker.io/tensorflow/serving", "2.19.0", None),
        ("nvcr.io/nvidia/tritonserver", "25.08-py3", None),
    }
    assert {digest is not None for _, _, digest in look("environments/prod.yaml")} == {True}
    assert config["ignorePaths"] == ["overlays/**"]
