"""Law 5: a run's name says what it does: the same content keeps it, another content has another.

`python -m tests.law_runs_test` writes the table anew; each line that it changes is a run that starts again.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.platforms import Changed, changes_of_a_project, changes_of_an_environment, files

import mlgen
from mlgen import disk, engine
from mlgen.manifest import Ref
from mlgen.patch import same
from mlgen.platform import Platform, load
from mlgen.problem import errors

FROZEN = Path(__file__).with_name("frozen_runs.json")
Runs = dict[str, list[str]]


def runs(platform: Platform) -> Runs:
    """The names of all runs by project and environment."""
    found = engine.render(platform, platform.projects).runs
    return {
        f"{project}/{environment}": [f"{run.kind}/{run.name}" for run in named]
        for project, by_environment in found.items()
        for environment, named in by_environment.items()
        if named
    }


def in_this_repository() -> dict[str, Runs]:
    """The runs of the reference platform and of every case."""
    roots = [ROOT, *sorted(path.parent for path in ROOT.glob("tests/cases/*/environments"))]
    found = {root.relative_to(ROOT).as_posix(): runs(load(disk.read_inputs(root)[0])) for root in roots}
    return {root: names for root, names in found.items() if names}


def of_drawn(drawn: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Platforms that were drawn once, with their runs now."""
    for one in drawn:
        texts: dict[str, str] = one["files"]
        platform = load({path: text.encode() for path, text in texts.items()})
        assert not errors(engine.check(platform, platform.projects)), "a frozen platform is refused"
        yield {"files": texts, "runs": runs(platform)}


@cache
def frozen() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(FROZEN.read_text("utf-8"))
    return table


def test_no_run_of_this_repository_starts_again() -> None:
    """Runs are immutable: reformatting, comments, a new mlgen version keep a run's name: a test freezes every run name
    of the cases."""
    assert in_this_repository() == frozen()["here"], AGAIN


@pytest.mark.parametrize("number", range(len(frozen()["drawn"])))
def test_no_run_of_a_drawn_platform_starts_again(number: int) -> None:
    """The same for platforms drawn at random, kept with their specs."""
    [now] = of_drawn([frozen()["drawn"][number]])
    assert now["runs"]
    assert now == frozen()["drawn"][number], AGAIN


AGAIN = (
    "a new default started training again: every team's runs would start once more. Put it behind a new "
    "`defaultsVersion`; only if a spec in this repository changed, or mlgen is not released yet, write the table anew"
)


# ---- what keeps a name and what changes it ----------------------------------------------------------------------

SPEC, BASE, DEV = "projects/churn/mlgen.yaml", "environments/base.yaml", "environments/dev.yaml"
PINS = "projects/churn/releases.yaml"
PLATFORM = {
    BASE: """\
apiVersion: mlgen.dev/v1
kind: Environment
name: base
registry: {host: registry.example.com/ml}
domain: ml.example.com
network: {ingress: {class: nginx}}
storage:
  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-key}
""",
    DEV: "apiVersion: mlgen.dev/v1\nkind: Environment\nname: dev\n",
    SPEC: """\
apiVersion: mlgen.dev/v1
kind: Project
name: churn
owner: growth-ml
image: churn
data:
  features: {blob: churn/features, freshness: 1h}
secrets:
  maps: [MAPS_KEY]
workloads:
  train:
    kind: job
    command: [python, -m, churn.train]
    env: {EPOCHS: 20}
    secrets: [maps]
    data: [features]
    resources: {cpu: 8, memory: 32Gi}
  serve:
    kind: serving
    server: custom
    host: churn
environments:
  dev: {}
""",
    PINS: "apiVersion: mlgen.dev/v1\nkind: Releases\nenvironments: {dev: {images: {churn: 1.4.2}}}\n",
}
KEEPS: Mapping[str, tuple[str, str, str]] = {
    "a comment": (SPEC, "image: churn\n", "image: churn  # pinned by the release\n\n# more\n"),
    "a block instead of a line": (
        SPEC,
        "    command: [python, -m, churn.train]\n",
        "    command:\n    - 'python'\n    - \"-m\"\n    - churn.train\n",
    ),
    "quotes": (SPEC, "EPOCHS: 20", 'EPOCHS: "20"'),
    "the order of keys": (SPEC, "{cpu: 8, memory: 32Gi}", "{memory: 32Gi, cpu: 8}"),
    "the order of fields": (
        SPEC,
        "    secrets: [maps]\n    data: [features]\n",
        "    data: [features]\n    secrets: [maps]\n",
    ),
    "Windows line ends": (SPEC, "\n", "\r\n"),
    "a description": (SPEC, "image: churn\n", "image: churn\ndescription: Which drivers will leave?\n"),
    "a default written out": (SPEC, "    kind: job\n", "    kind: job\n    retries: 2\n"),
    "a label of the run": (
        SPEC,
        "    kind: job\n",
        "    kind: job\n    patches: [{kind: Job, metadata: {labels: {cost-center: growth}}}]\n",
    ),
    "another workload": (SPEC, "  serve:\n", "  sync: {kind: job, args: [x]}\n  serve:\n"),
    "a change of another workload": (SPEC, "host: churn\n", "host: why\n    replicas: {min: 3}\n"),
    "a workload that goes": (SPEC, "  serve:\n    kind: serving\n    server: custom\n    host: churn\n", ""),
    "what the environment has for others": (BASE, "class: nginx", "class: haproxy"),
    "the cluster's version": (DEV, "name: dev\n", 'name: dev\nkubernetes: "1.33"\n'),
    "a default of the environment that the project overrides": (
        DEV,
        "name: dev\n",
        "name: dev\ndefaults: {job: {resources: {memory: 64Gi}}}\n",
    ),
}
CHANGES: Mapping[str, tuple[str, str, str]] = {
    "an argument": (SPEC, "churn.train]", "churn.train, --fast]"),
    "a variable": (SPEC, "EPOCHS: 20", "EPOCHS: 21"),
    "another variable": (SPEC, "{EPOCHS: 20}", "{EPOCHS: 20, SEED: 1}"),
    "the image": (SPEC, "image: churn\n", "image: churn-2\n"),
    "the release": (PINS, "1.4.2", "1.4.3"),
    "the registry": (BASE, "example.com/ml", "example.com/ai"),
    "resources": (SPEC, "cpu: 8", "cpu: 9"),
    "retries": (SPEC, "    kind: job\n", "    kind: job\n    retries: 3\n"),
    "a secret's keys": (SPEC, "[MAPS_KEY]", "[MAPS_KEY, MAPS_USER]"),
    "a label of its pods": (
        SPEC,
        "    kind: job\n",
        "    kind: job\n    patches: [{kind: Job, spec: {template: {metadata: {labels: {cost-center: growth}}}}}]\n",
    ),
    "less data": (SPEC, "    data: [features]\n", ""),
    "the data's freshness": (SPEC, "freshness: 1h", "freshness: 2h"),
    "where the data is": (SPEC, "churn/features,", "churn/features-2,"),
    "where the storage is": (BASE, "account: acmeml", "account: acmemltwo"),
    "an override": (SPEC, "  dev: {}", "  dev: {workloads: {train: {runAsUser: 1001}}}"),
    "the environment's defaults": (DEV, "name: dev\n", "name: dev\ndefaults: {job: {timeout: 2h}}\n"),
}


def name(edit: tuple[str, str, str] | None = None) -> str:
    """The name of the training run, perhaps after an edit."""
    texts = dict(PLATFORM)
    if edit is not None:
        file, old, new = edit
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new)
    platform = load({path: text.encode() for path, text in texts.items()})
    assert not errors(engine.check(platform, platform.projects))
    [found] = [run for run in runs(platform)["churn/dev"] if run.startswith("Job/train-")]
    return found


@pytest.mark.parametrize("edit", KEEPS.values(), ids=KEEPS)
def test_what_says_the_same_keeps_the_name(edit: tuple[str, str, str]) -> None:
    """Reformatting, comments, and whatever a run does not see, keep its name."""
    assert name(edit) == name()


def test_an_owner_is_only_a_label() -> None:
    """A team that is renamed trains nothing again."""
    assert name((SPEC, "owner: growth-ml", "owner: growth")) == name()


def test_another_version_of_mlgen_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is rendered says which version rendered it."""
    before = name()
    monkeypatch.setattr(mlgen, "__version__", "99.0.0")
    assert name() == before


@pytest.mark.parametrize("edit", CHANGES.values(), ids=CHANGES)
def test_what_says_something_else_changes_the_name(edit: tuple[str, str, str]) -> None:
    """A change of what a run does or has makes a new name."""
    assert name(edit) != name()


def specs(platform: Platform) -> dict[tuple[str, Ref], Any]:
    """The content of every run, by its cluster and its identity there."""
    return {
        (str(place.environment["name"].value), manifest.ref): manifest.body["spec"]
        for project in platform.projects
        for place in engine.places(platform, project)
        for manifest in place.manifests
        if manifest.run
    }


@pytest.mark.parametrize("changes", [changes_of_an_environment, changes_of_a_project])
def test_the_content_under_a_name_never_changes(changes: Callable[[], st.SearchStrategy[Changed]]) -> None:
    """The content under a name never changes."""
    kept = 0

    @settings(max_examples=130)
    @given(changes())
    def one(change: Changed) -> None:
        nonlocal kept
        before, after = (load(files(tree)) for tree in (change.before, change.after))
        if errors(before.problems) or errors(after.problems):
            reject()
        old, new = specs(before), specs(after)
        for run in old.keys() & new.keys():
            kept += 1
            assert same(old[run], new[run]), f"{run} says something else now"

    one()
    assert kept >= 10, "few runs were there before and after"


if __name__ == "__main__":
    drawn = list(of_drawn(frozen()["drawn"]))
    text = json.dumps({"here": in_this_repository(), "drawn": drawn}, indent=1, ensure_ascii=False)
    FROZEN.write_text(f"{text}\n", "utf-8")
