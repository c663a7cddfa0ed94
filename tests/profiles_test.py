"""Platform profiles: what one says, where it stands among the layers, and that each entry is one that may be chosen."""

from typing import Any

import pytest
from tests.terminal import BASE, HEAD

from mlgen import engine, profiles, schema
from mlgen.manifest import Manifest
from mlgen.platform import Platform, load

ENVIRONMENT = HEAD.format("Environment", "prod")
TRAINING = """\
apiVersion: mlgen.dev/v1
kind: Project
name: churn
owner: team
image: ghcr.io/acme/churn:1.0
workloads:
  features:
    kind: spark
    main: local:///opt/features.py
    executors: {count: 2, cpu: 1, memory: 2Gi}
    driver: {cpu: 1, memory: 1Gi}
  train: {kind: tensorflow, command: [python, train.py], workers: 2}
  lab: {kind: notebook, users: [anna]}
pipelines:
  nightly: {schedule: "0 2 * * *", steps: [features, train]}
environments: {prod: {}}
"""
CHOICES: Any = schema.load("environment").root["definitions"]["complete"]["properties"]["platform"]["properties"]


def platform(said: str, base: str = "") -> Platform:
    files = {
        "environments/base.yaml": BASE + base,
        "environments/prod.yaml": ENVIRONMENT + said,
        "projects/churn/mlgen.yaml": TRAINING,
    }
    return load({path: text.encode() for path, text in files.items()})


def chosen(said: str, base: str = "") -> dict[str, Any]:
    found = platform(said, base)
    assert [problem.message for problem in found.problems] == []
    plain = found.environments["prod"]["platform"].plain()
    assert isinstance(plain, dict)
    return plain


def built(said: str, base: str = "") -> list[Manifest]:
    return list(engine.one(platform(said, base), "churn", "prod").manifests)


@pytest.mark.parametrize("name", profiles.names())
def test_a_profile_says_only_what_may_be_chosen(name: str) -> None:
    profile = profiles.load(name)
    assert profile.description.endswith(".")
    assert profile.platform.keys() | profile.notes.keys() <= CHOICES.keys() - {"profile"}
    for key, backend in profile.platform.items():
        assert backend in CHOICES[key]["enum"], f"schemas/platforms/{name}.json: {key}"
        assert backend != CHOICES[key].get("default"), f"schemas/platforms/{name}.json: {key} is so without it"
    assert profile.versions.keys() == set(profile.platform.values()), "which release it is, of each and no other"


def test_a_plain_cluster_is_what_an_environment_is_by_itself() -> None:
    assert profiles.names()[0] == "plain"
    assert {**chosen(""), "profile": "plain"} == chosen("platform: plain\n") == chosen("platform: {profile: plain}\n")


@pytest.mark.parametrize("name", profiles.names())
def test_a_name_is_all_that_the_profile_says(name: str) -> None:
    wanted = {key: backend for key, backend in profiles.filled(profiles.load(name)).items() if backend is not None}
    assert chosen(f"platform: {name}\n") == chosen("", f"platform: {name}\n") == {**wanted, "profile": name}


def test_what_is_built_is_what_single_entries_build() -> None:
    entries = "".join(f"  {key}: {one}\n" for key, one in profiles.load("kubeflow-26.03").platform.items())
    one, other = built("platform: kubeflow-26.03\n"), built(f"platform:\n{entries}")
    assert [manifest.body for manifest in one] == [manifest.body for manifest in other]
    assert {"Notebook", "WorkflowTemplate"} <= {str(manifest.body["kind"]) for manifest in one}


def test_single_entries_override_wherever_they_stand() -> None:
    assert chosen("platform: {profile: kubeflow-26.03, pipelines: job}\n")["pipelines"] == "job"
    assert chosen("platform: {pipelines: job}\n", "platform: kubeflow-26.03\n")["pipelines"] == "job"
    assert chosen("platform: kubeflow-26.03\n", "platform: {pipelines: job}\n")["pipelines"] == "job"


def test_another_profile_takes_the_place_of_the_whole_one() -> None:
    assert chosen("platform: plain\n", "platform: newest-2026-08\n") == chosen("platform: plain\n")


def test_nothing_is_left_of_what_is_taken_away() -> None:
    assert "spark" not in chosen("platform: {profile: kubeflow-26.03, spark: null}\n")
    assert chosen("platform: {profile: kubeflow-26.03, notebook: null}\n")["notebook"] == "statefulset"
    assert chosen("platform: {profile: null}\n", "platform: kubeflow-26.03\n") == chosen("")


def test_what_a_profile_brings_has_the_place_where_it_is_named() -> None:
    own = platform("platform: kubeflow-26.03\n").environments["prod"]["platform"]
    assert {str(own[key].span) for key in ("spark", "tensorflow", "profile")} == {str(own["profile"].span)}
    assert own["profile"].span.file == "environments/prod.yaml"
    shared = platform("", "platform: {profile: kubeflow-26.03}\n").environments["prod"]["platform"]
    assert shared["spark"].span.file == "environments/base.yaml"


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("kubeflw-26.03", "`platform` cannot be `kubeflw-26.03`", "did you mean `kubeflow-26.03`?"),
        ("newest", "`platform` cannot be `newest`", "write `newest-2026-08`: what a profile says never changes"),
        ("{profile: plan}", "`profile` cannot be `plan`", "did you mean `plain`?"),
        ("{profile: kubeflow}", "`profile` cannot be `kubeflow`", "write which one, such as `kubeflow-26.03`"),
        ("[plain]", "`platform` must be text or a map, not a list", "for example `platform: kubeflow-26.03`"),
        ("{profil: plain}", "unknown key `profil` in `platform`", "did you mean `profile`?"),
    ],
)
def test_a_slip_is_said_at_its_place(said: str, message: str, hint: str) -> None:
    (problem,) = platform(f"platform: {said}\n").problems
    assert (problem.message, problem.help) == (message, hint)
    assert (problem.span.file, problem.span.line) == ("environments/prod.yaml", 4)


def test_a_profile_that_changes_nothing_is_warned_of() -> None:
    (problem,) = platform("platform: plain\n", "platform: plain\n").problems
    assert (problem.rule, problem.span.line) == ("override-changes-nothing", 4)
