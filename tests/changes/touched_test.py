"""Which projects a change of files can touch: never fewer than it does."""

from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from tests.platforms import Changed, changes_of_a_project, changes_of_an_environment, files

from mlgen import engine
from mlgen.changes.touched import differing, projects_in, touched
from mlgen.platform import load
from mlgen.problem import errors

EVERY = {"churn", "ranker"}
EXAMPLES = 40


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], set()),
        (["projects/churn/mlgen.yaml"], {"churn"}),
        (["projects/churn/releases.yaml", "overlays/ranker/prod/kustomization.yaml"], EVERY),
        (["projects/churn/secrets/prod/maps.yaml"], {"churn"}),
        (["overlays/churn/base/mlgen.lock"], {"churn"}),
        (["projects/gone/mlgen.yaml"], {"gone"}),  # who no longer is there was touched all the same
        (["overlays/clusters/prod/churn.yaml"], {"churn"}),
        (["overlays/clusters/prod/deep/churn.yaml"], EVERY),
        ([".pre-commit-config.yaml"], EVERY),  # it may name another mlgen
        (["environments/prod.yaml"], EVERY),
        (["policies/deep/down/limits.yaml", "projects/churn/mlgen.yaml"], EVERY),
        (["schemas/example.com/thing-v1.json"], EVERY),
        (["README.md", "docs/a.md", "projects/README.md", "policies/why.md"], set()),
        (["projects"], EVERY),
        (["projects/churn/"], {"churn"}),
    ],
)
def test_what_a_path_can_touch(paths: list[str], expected: set[str]) -> None:
    assert touched(paths, EVERY) == expected


def test_projects_by_their_files() -> None:
    paths = ("projects/churn/mlgen.yaml", "projects/README.md", "overlays/ranker/x", "projects/hello/secrets/dev/a")
    assert projects_in(paths) == {"churn", "hello"}


def rendered(sources: Mapping[str, bytes]) -> Mapping[str, Mapping[str, str]]:
    platform = load(sources)
    result = engine.render(platform, platform.projects)
    if errors(result.problems):
        reject()
    return result.files


@pytest.mark.parametrize("changes", [changes_of_an_environment, changes_of_a_project])
def test_no_project_changes_that_could_not_be_touched(changes: Callable[[], st.SearchStrategy[Changed]]) -> None:
    """Whatever a change of the sources does to a project's overlays, the project is among those touched."""
    seen: Counter[bool] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(changes())
    def one(change: Changed) -> None:
        before, after = files(change.before), files(change.after)
        old, new = rendered(before), rendered(after)
        other = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        assert other <= touched(differing(before, after), projects_in((*before, *after)))
        seen[bool(other)] += 1

    one()
    assert seen[True] >= EXAMPLES // 5, "many changes should change something"
