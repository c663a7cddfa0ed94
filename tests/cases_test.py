"""Whole platform repositories and the overlays they render to: test, example and documentation in one.

`MLGEN_REGENERATE=1 make test` rewrites the overlays of the cases; a person then reads the difference.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.conftest import Build

from mlgen import disk, engine, ownership
from mlgen.disk import exchange
from mlgen.manifest import Ref, ref
from mlgen.node import Json
from mlgen.platform import Platform, load
from mlgen.problem import in_order

ROOT = Path(__file__).parents[1]
CASES = sorted(path for path in (ROOT / "tests" / "cases").iterdir() if path.is_dir())
REGENERATE = bool(os.environ.get("MLGEN_REGENERATE")) and not os.environ.get("CI")


def platform_of(root: Path) -> Platform:
    files, problems = disk.read_inputs(root)
    return load(files, tuple(problems))


@pytest.mark.parametrize("case", [*CASES, ROOT], ids=lambda path: path.name if path != ROOT else "this-repository")
def test_the_overlays_are_what_the_specs_say(case: Path) -> None:
    platform = platform_of(case)
    rendered = engine.render(platform, sorted(platform.projects))
    assert in_order(rendered.problems) == []
    plans = {}
    for project in sorted({*rendered.files, *disk.projects_present(case)}):
        present, problems = disk.read_present(case, project)
        assert problems == []
        plans[project] = ownership.plan(rendered.files.get(project, {}), present, where=f"overlays/{project}")
    if REGENERATE:
        exchange.write(case, plans)
        return
    assert {project: plan.changes for project, plan in plans.items() if plan.changes} == {}
    assert {project: plan.problems for project, plan in plans.items() if plan.problems} == {}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_kustomize_builds_what_mlgen_builds(case: Path, kustomize: Build) -> None:
    platform = platform_of(case)
    for project in platform.projects:
        for place in engine.places(platform, project):
            folder = case / "overlays" / project / str(place.environment["name"].value)
            assert keyed(kustomize(folder)) == keyed(manifest.body for manifest in place.manifests)


def keyed(objects: Iterable[dict[str, Json]]) -> dict[Ref, dict[str, Json]]:
    """Objects by what makes them those objects."""
    found = [(ref(body), body) for body in objects]
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.mark.parametrize(
    ("project", "longest", "environment", "fewest"), [("hello", 10, "dev", 3), ("churn", 70, "prod", 35)]
)
def test_a_short_spec_becomes_much(project: str, longest: int, environment: str, fewest: int) -> None:
    assert len((ROOT / "projects" / project / "mlgen.yaml").read_text("utf-8").splitlines()) <= longest
    platform = platform_of(ROOT)
    assert len(engine.one(platform, project, environment).manifests) >= fewest
