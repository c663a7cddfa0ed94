"""What lint makes of the folders that mlgen rendered: what a cluster gets, be a fault in base or in a patch."""

import json
import shutil
from pathlib import Path

import pytest
from tests.terminal import mlgen

from mlgen import disk, engine
from mlgen.gathered import Setting
from mlgen.overlaid import overlays
from mlgen.platform import load
from mlgen.trace import said

ROOT = Path(__file__).parent.parent
BASE = "overlays/churn/base/deployment-serve.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("environments", "projects", "overlays"):
        shutil.copytree(ROOT / name, tmp_path / "platform" / name)
    return tmp_path / "platform"


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), "utf-8")


def found(root: Path, *arguments: str) -> list[tuple[str, str]]:
    done = mlgen(root, "lint", *arguments, "--format", "json")
    return [(problem["file"], problem["rule"]) for problem in json.loads(done.out)["problems"]]


def test_an_overlay_is_what_is_built() -> None:
    """Put together from the files alone, object for object."""
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "overlays").rglob("*.yaml")}
    kustomizations = {file: data for file, data in files.items() if file.endswith("/kustomization.yaml")}
    rendered = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "overlays").rglob("mlgen.lock")}
    platform = load(disk.read_inputs(ROOT)[0])
    built = {
        f"overlays/{name}/{said(place.environment['name'])}": [manifest.body for manifest in place.manifests]
        for name in platform.projects
        for place in engine.places(platform, name)
    }
    made = {
        one.folder: [thing.body for some in one.examined(files, Setting("1.35")) for thing in some.objects]
        for one in overlays(kustomizations, files, rendered)
    }
    assert made.keys() == built.keys()
    for folder, bodies in built.items():
        sides = [sorted(json.dumps(body, sort_keys=True) for body in side) for side in (made[folder], bodies)]
        assert sides[0] == sides[1], folder


def test_nothing_is_wrong_with_what_mlgen_renders() -> None:
    done = mlgen(ROOT, "lint", "overlays", "--strict")
    assert (done.code, done.out) == (0, "")
    assert "11 overlays that mlgen rendered: checked as what a cluster gets;" in done.err


def test_a_fault_in_base_is_said_once(root: Path) -> None:
    """Three environments have it; as long as it is the same to all of them, it is one."""
    edit(root, BASE, "  strategy:\n", "  nonsense: 1\n  strategy:\n")
    assert found(root, "overlays") == [(BASE, "kubernetes-unknown-field")]


def test_a_fault_that_a_patch_makes(root: Path) -> None:
    edit(root, "overlays/churn/dev/patches/deployment-serve.yaml", "path: /spec/replicas", "path: /spec/nonsense")
    assert found(root, "overlays") == [(BASE, "kubernetes-unknown-field")]
    assert found(root, "overlays/churn/prod") == []


def test_of_one_overlay_its_base_is_read_too(root: Path) -> None:
    assert mlgen(root, "lint", "overlays/churn/prod", "--strict").code == 0
    assert found(root, "overlays/churn/dev") == []
    edit(root, BASE, "serviceAccountName: serve", "serviceAccountName: nobody")
    assert (BASE, "no-such-account") in found(root, "overlays/churn/dev")


def test_where_no_platform_is_around_nobody_knows_what_exists(root: Path) -> None:
    shutil.rmtree(root / "environments")
    rules = {rule for _, rule in found(root, "overlays/churn/prod")}
    assert rules
    assert all(rule.startswith("no-such-") for rule in rules)


def test_a_patch_that_does_not_fit_makes_no_overlay(root: Path) -> None:
    """A person made it: then its files are judged as they lie there."""
    edit(root, "overlays/churn/prod/patches/deployment-serve.yaml", "path: /", "path: /nowhere/deep/")
    done = mlgen(root, "lint", "overlays/churn/prod")
    assert done.code == 0
    assert "that mlgen rendered" not in done.err


def test_a_folder_that_mlgen_did_not_render_is_judged_as_ever(root: Path) -> None:
    (root / "overlays/churn/prod/mlgen.lock").unlink()
    assert "selects-nothing" in {rule for _, rule in found(root, "overlays/churn/prod")}
