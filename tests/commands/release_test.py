"""`mlgen release` and `mlgen promote`: releases.yaml is edited, rendered at once, and what that does is said."""

from pathlib import Path

import pytest
from tests.terminal import HEAD, Done, mlgen, repository

DIGEST = "sha256:" + "3d7c" * 16
PIN = f"1.4.2@{DIGEST}"
FILES = {
    "environments/base.yaml": HEAD.format("Environment", "base") + "registry: {host: registry.example.com/ml}\n",
    "environments/dev.yaml": HEAD.format("Environment", "dev"),
    "environments/staging.yaml": HEAD.format("Environment", "staging") + "promotion: {from: dev}\n",
    "environments/prod.yaml": HEAD.format("Environment", "prod") + "protected: true\npromotion: {from: staging}\n",
    "projects/churn/mlgen.yaml": HEAD.format("Project", "churn")
    + """\
owner: team
image: churn
workloads:
  train: {kind: job, run: request}
environments: {dev: {}, staging: {}, prod: {}}
""",
    "projects/churn/releases.yaml": """\
apiVersion: mlgen.dev/v1
kind: Releases
environments:
  dev:
    images: {churn: "1.4.1"}   # the first
  staging: {images: {churn: "1.4.0"}}
  prod: {images: {churn: "1.4.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"}}
""",
}
RELEASES = "projects/churn/releases.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "platform", FILES)
    assert mlgen(folder, "render").code == 0
    return folder


def text(root: Path) -> str:
    return (root / RELEASES).read_text("utf-8")


def refused(done: Done, rule: str) -> bool:
    assert done.code == 1, done
    assert "Nothing was written." in done.err
    return f"error[{rule}]" in done.err


def test_an_image_is_pinned_by_the_name_that_specs_have_for_it(root: Path) -> None:
    before = text(root)
    done = mlgen(root, "release", "churn", "--env", "dev", "--image", f"registry.example.com/ml/churn:{PIN}")
    assert (done.code, done.err) == (0, "Wrote projects/churn/releases.yaml; nothing that is rendered changes\n")
    assert text(root) == before.replace('"1.4.1"', f'"{PIN}"')
    assert mlgen(root, "check").code == 0


def test_a_run_is_asked_for_and_repeated(root: Path) -> None:
    for why in ("first", "again"):
        done = mlgen(root, "release", "churn", "--env", "dev", "--run", "train", "--why", why)
        assert done.code == 0
        how = "a new run" if why == "first" else "the same run again"
        assert f"starts {how} (1 pod, 0.5 CPU, 1Gi): Job/train-" in done.out
        assert f"train: {why}" in text(root)
    assert len(list((root / "overlays/churn/dev").glob("job-train-*"))) == 1
    assert mlgen(root, "check").code == 0


def test_the_first_release_makes_the_file(root: Path) -> None:
    (root / RELEASES).unlink()
    assert mlgen(root, "release", "churn", "--env", "dev", "--image", f"churn:{PIN}").code == 0
    assert text(root).endswith(f'environments:\n  dev:\n    images:\n      churn: "{PIN}"\n')


def test_a_dry_run_writes_nothing(root: Path) -> None:
    before = text(root)
    done = mlgen(root, "release", "churn", "--env", "dev", "--run", "train", "--dry-run")
    assert done.code == 0
    assert "starts a new run" in done.out
    assert done.err == "Would write projects/churn/releases.yaml\n"
    assert text(root) == before
    assert mlgen(root, "check").code == 0


def test_a_protected_environment_is_promoted_to_only(root: Path) -> None:
    done = mlgen(root, "release", "churn", "--env", "prod", "--image", f"churn:{PIN}")
    assert refused(done, "promotion-only")
    assert mlgen(root, "release", "churn", "--env", "prod", "--run", "train").code == 0, "a run of what is there"


def test_what_dev_proved_goes_on_step_by_step(root: Path) -> None:
    assert mlgen(root, "release", "churn", "--env", "dev", "--image", f"churn:{PIN}").code == 0
    assert refused(mlgen(root, "promote", "churn", "--from", "dev", "--to", "prod"), "skipped-stage")
    for source, target in (("dev", "staging"), ("staging", "prod")):
        done = mlgen(root, "promote", "churn", "--from", source, "--to", target)
        assert (done.code, done.out) == (0, "")
        assert f"image `churn`: {PIN}\n" in done.err
    assert text(root).count(PIN) == 3
    again = mlgen(root, "promote", "churn", "--from", "staging", "--to", "prod")
    assert (again.code, again.err) == (0, "`prod` runs what `staging` runs already\n")


def test_a_promotion_says_what_it_did_not_copy(root: Path) -> None:
    assert mlgen(root, "release", "churn", "--env", "dev", "--run", "train").code == 0
    done = mlgen(root, "promote", "churn", "--from", "dev", "--to", "staging")
    assert done.code == 0
    assert "run `train` of `dev` was not copied\n" in done.err
    assert "runs" not in text(root).partition("staging")[2]


def test_what_the_environment_refuses_is_not_written(root: Path) -> None:
    """1.4.1 has no digest, and prod demands one."""
    assert mlgen(root, "promote", "churn", "--from", "dev", "--to", "staging").code == 0
    assert mlgen(root, "release", "churn", "--env", "prod", "--run", "train").code == 0
    before = text(root)
    done = mlgen(root, "promote", "churn", "--from", "staging", "--to", "prod")
    assert refused(done, "unpinned-image")
    assert text(root) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("release", "chrun", "--env", "dev", "--run", "train"), "did you mean `churn`?"),
        (("release", "churn", "--env", "dve", "--run", "train"), "did you mean `dev`?"),
        (("release", "churn", "--env", "dev"), "nothing to release"),
        (("release", "churn", "--env", "dev", "--image", "churn"), "neither a tag nor a digest"),
        (("release", "churn", "--env", "dev", "--model", "churn"), "error[{}]".format("no-release")),
        (("promote", "churn", "--from", "dev", "--to", "dev"), "where it comes from"),
        (("promote", "churn", "--from", "prd", "--to", "dev"), "did you mean `prod`?"),
    ],
)
def test_what_cannot_be_done_is_one_line(root: Path, arguments: tuple[str, ...], words: str) -> None:
    before = text(root)
    done = mlgen(root, *arguments)
    assert done.code in (1, 2)
    assert words in done.err
    assert text(root) == before


def test_a_name_that_nothing_uses_is_warned_of(root: Path) -> None:
    done = mlgen(root, "release", "churn", "--env", "dev", "--image", f"chrun:{PIN}")
    assert done.code == 0
    assert "did you mean `churn`?" in done.err
