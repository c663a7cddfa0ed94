"""Layers, weakest first: what each overrides, what null takes away, and what of it is reported."""

from typing import Any

import pytest
from tests.small import built, problems

JOB = "image: ghcr.io/acme/train:1\nworkloads:\n  train: {kind: job%s}\n"


def run_of(spec: str, environment: str = "", releases: str = "") -> Any:
    objects = built(spec, environment, releases)
    return next(body for name, body in objects.items() if name.startswith("Job/"))["spec"]


def image_of(spec: str, environment: str = "", releases: str = "") -> str:
    return str(run_of(spec, environment, releases)["template"]["spec"]["containers"][0]["image"])


@pytest.mark.parametrize(
    ("written", "defaults", "override", "retries"),
    [
        ("", "", "", 2),
        ("", "defaults: {job: {retries: 7}}\n", "", 7),
        (", retries: 4", "defaults: {job: {retries: 7}}\n", "", 4),
        (", retries: 4", "defaults: {job: {retries: 7}}\n", "retries: 1", 1),
        (", retries: 4", "defaults: {job: {retries: 7}}\n", "retries: null", 2),
        ("", "", "retries: 5", 5),
    ],
)
def test_each_layer_is_stronger_than_the_one_before(written: str, defaults: str, override: str, retries: int) -> None:
    spec = JOB % written
    if override:
        spec += f"environments: {{dev: {{workloads: {{train: {{{override}}}}}}}}}\n"
    assert run_of(spec, defaults)["backoffLimit"] == retries


def test_maps_merge_by_key_and_a_list_replaces_a_list() -> None:
    spec = JOB % ", args: [a, b], env: {A: 1, B: 2}"
    spec += "environments: {dev: {workloads: {train: {args: [c], env: {B: null, C: 3}}}}}\n"
    container = run_of(spec)["template"]["spec"]["containers"][0]
    assert container["args"] == ["c"]
    assert {entry["name"]: entry["value"] for entry in container["env"][1:]} == {"A": "1", "C": "3"}


def test_values_of_env_are_what_is_written() -> None:
    spec = JOB % ", env: {A: 012, B: yes, C: 1e-3, D: 1.50, E: true}"
    env = run_of(spec)["template"]["spec"]["containers"][0]["env"]
    assert [entry["value"] for entry in env[1:]] == ["012", "yes", "1e-3", "1.50", "true"]


def test_null_takes_a_workload_away() -> None:
    spec = "workloads:\n  a: {kind: job, image: ghcr.io/a/b:1}\n  b: {kind: job, image: ghcr.io/a/b:1}\n"
    objects = built(spec + "environments: {dev: {workloads: {b: null}}}\n")
    assert any(name.startswith("Job/a-") for name in objects)
    assert not any(name.startswith("Job/b-") for name in objects)


def test_an_override_that_hits_nothing_is_an_error_with_a_suggestion() -> None:
    (problem,) = problems(JOB % "" + "environments: {dev: {workloads: {trian: {retries: 1}}}}\n")
    assert (problem.rule, problem.severity) == ("override-hits-nothing", "error")
    assert "did you mean `train`?" in problem.help


@pytest.mark.parametrize("override", ["retries: 2", "retries: 4", "image: null", "resources: {cpu: 500m}"])
def test_an_override_that_changes_nothing_is_a_warning(override: str) -> None:
    spec = JOB % (", retries: 4" if "4" in override else "")
    found = problems(spec + f"environments: {{dev: {{workloads: {{train: {{{override}}}}}}}}}\n")
    assert [(problem.rule, problem.severity) for problem in found] == [("override-changes-nothing", "warning")]


@pytest.mark.parametrize(
    ("image", "release", "expected"),
    [
        ("train", "", "reg.example.com/ml/train"),
        ("train:2", "", "reg.example.com/ml/train:2"),
        ("ghcr.io/acme/train:2", "", "ghcr.io/acme/train:2"),
        ("localhost:5000/train", "", "localhost:5000/train"),
        ("train", "1.4", "reg.example.com/ml/train:1.4"),
        ("train:2", "1.4", "reg.example.com/ml/train:1.4"),
        ("team/train", "@sha256:" + "0" * 64, "reg.example.com/ml/team/train@sha256:" + "0" * 64),
    ],
)
def test_an_image_gets_the_registry_and_the_release(image: str, release: str, expected: str) -> None:
    spec = f"workloads:\n  train: {{kind: job, image: {image}}}\n"
    name = image.removesuffix(":2")
    releases = f'environments: {{dev: {{images: {{"{name}": "{release}"}}}}}}\n' if release else ""
    environment = "registry: {host: reg.example.com/ml}\n"
    if expected.partition("@")[0].count(":") - expected.count("localhost:") or "@" in expected:
        assert image_of(spec, environment, releases) == expected
    else:  # no tag anywhere: it is built, with a warning
        from tests.small import place

        found = place(spec, environment, releases)
        assert [problem.rule for problem in found.problems] == ["untagged-image"]
        run: Any = next(m.body for m in found.manifests if m.run)
        container = run["spec"]["template"]["spec"]["containers"][0]
        assert container["image"] == expected


def test_templates_are_filled_in_values() -> None:
    spec = JOB % ', args: ["{{ project.name }}/{{ environment.name }}/{{ workload.name }}"]'
    assert run_of(spec)["template"]["spec"]["containers"][0]["args"] == ["demo/dev/train"]


def test_in_a_shared_namespace_objects_carry_the_projects_name_and_the_namespace_is_not_ours() -> None:
    spec = "workloads:\n  api: {kind: serving, server: custom, image: ghcr.io/a/b:1}\n"
    objects = built(spec, "namespace: {existing: shared}\n")
    assert set(objects) == {"ServiceAccount/demo-api", "Deployment/demo-api", "Service/demo-api"}
    assert {body["metadata"]["namespace"] for body in objects.values()} == {"shared"}
