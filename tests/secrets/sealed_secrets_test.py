"""Sealed secrets: the file of one environment, passed on as it is, and only where it can be opened."""

from typing import Any

import pytest
from tests.small import HEAD

from mlgen import engine
from mlgen.platform import load
from mlgen.problem import Problem, in_order

SEALED = """\
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  creationTimestamp: null
  name: maps-api
  namespace: ml-demo-dev
  annotations: {sealedsecrets.bitnami.com/managed: "true"}
  labels: {team: maps, mlgen.dev/owner: nobody}
spec:
  encryptedData: {MAPS_KEY: AgBy8hCiQm1v+/0Yw3tTn=, MAPS_ID: "0123"}
  template:
    data: null
    metadata: {creationTimestamp: null, name: maps-api, namespace: ml-demo-dev}
    type: Opaque
"""
FILE = "projects/demo/secrets/dev/maps-api.yaml"
FILES = {
    "environments/base.yaml": HEAD.format(kind="Environment", name="base") + "secrets: {from: sealed-secrets}\n",
    "environments/dev.yaml": HEAD.format(kind="Environment", name="dev"),
    "environments/prod.yaml": HEAD.format(kind="Environment", name="prod"),
    "projects/demo/mlgen.yaml": HEAD.format(kind="Project", name="demo")
    + """\
owner: team
secrets: {maps-api: [MAPS_KEY, MAPS_ID]}
workloads:
  refresh: {kind: job, image: ghcr.io/a/b:1, secrets: [maps-api], schedule: "@daily"}
environments: {dev: {}}
""",
    FILE: SEALED,
}


def found(**changes: str) -> tuple[dict[str, Any], list[Problem]]:
    """What `demo` builds in `dev`, and all that is wrong; ``changes`` are texts in the place of the sealed one's."""
    sealed = SEALED
    for old, new in changes.items():
        assert old in sealed
        sealed = sealed.replace(old, new)
    return of({**FILES, FILE: sealed})


def of(files: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    platform = load({path: text.encode() for path, text in files.items()})
    rendered = engine.render(platform, ["demo"])
    places = {str(place.environment["name"].value): place for place in engine.places(platform, "demo")}
    objects = {f"{one.ref.kind}/{one.ref.name}": one.body for one in places["dev"].manifests}
    return {"objects": objects, "files": rendered.files["demo"]}, in_order(rendered.problems)


def test_what_is_sealed_is_passed_on_with_our_labels_and_without_nulls() -> None:
    built, problems = found()
    assert problems == []
    body = built["objects"]["SealedSecret/maps-api"]
    assert body["spec"] == {
        "encryptedData": {"MAPS_KEY": "AgBy8hCiQm1v+/0Yw3tTn=", "MAPS_ID": "0123"},
        "template": {"metadata": {"name": "maps-api", "namespace": "ml-demo-dev"}, "type": "Opaque"},
    }
    assert body["metadata"]["annotations"] == {"sealedsecrets.bitnami.com/managed": "true"}
    assert body["metadata"]["labels"]["team"] == "maps"
    assert body["metadata"]["labels"]["mlgen.dev/owner"] == "team"


def test_it_is_bound_to_a_name_and_a_namespace_so_each_environment_has_its_own_and_base_has_none() -> None:
    built, problems = found()
    assert problems == []
    assert [path for path in built["files"] if "sealed" in path] == ["dev/sealedsecret-maps-api.yaml"]
    assert "base/cronjob-refresh.yaml" in built["files"], "the workload stands in base all the same"


def test_one_environment_cannot_open_what_is_sealed_for_another() -> None:
    spec = FILES["projects/demo/mlgen.yaml"].replace("dev: {}", "dev: {}, prod: {}")
    files = {**FILES, "projects/demo/mlgen.yaml": spec, FILE.replace("dev", "prod"): SEALED}
    _, (problem,) = of(files)
    assert problem.rule == "wrong-sealed-secret"
    assert problem.message.endswith("and in `prod` the Secret has the namespace `ml-demo-prod`")


def test_in_a_shared_namespace_it_bears_the_projects_name() -> None:
    shared = FILES["environments/dev.yaml"] + "namespace: {existing: shared}\n"
    text = SEALED.replace("name: maps-api", "name: demo-maps-api").replace("ml-demo-dev", "shared")
    built, problems = of({**FILES, "environments/dev.yaml": shared, FILE: text})
    assert problems == []
    assert "SealedSecret/demo-maps-api" in built["objects"]


def test_what_is_composed_of_sealed_values_is_a_key_too() -> None:
    built, problems = found(**{'MAPS_ID: "0123"': "part: AgBy", "data: null": 'data: {MAPS_ID: "x-{{ .part }}"}'})
    assert problems == []
    assert built["objects"]["SealedSecret/maps-api"]["spec"]["template"]["data"] == {"MAPS_ID": "x-{{ .part }}"}


def test_what_is_passed_on_is_no_template_of_ours() -> None:
    built, _ = found(**{"type: Opaque": 'type: "{{ project.name }}"'})
    assert built["objects"]["SealedSecret/maps-api"]["spec"]["template"]["type"] == "{{ project.name }}"


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("kind: SealedSecret", "kind: Secret", "wrong-sealed-secret", 3),
        ("bitnami.com/v1alpha1", "bitnami.com/v1", "wrong-sealed-secret", 2),
        ("  name: maps-api\n", "  name: maps\n", "wrong-sealed-secret", 6),
        ("  namespace: ml-demo-dev\n", "  namespace: ml-demo\n", "wrong-sealed-secret", 7),
        ("MAPS_KEY:", "MAPS_KEYS:", "wrong-sealed-secret", 11),
        ("AgBy8hCiQm1v+/0Yw3tTn=", "12", "kubernetes-wrong-type", 11),
        ("type: Opaque", "typ: Opaque", "kubernetes-unknown-field", 15),
    ],
)
def test_what_is_wrong_is_told_at_its_line_of_the_sealed_file(old: str, new: str, rule: str, line: int) -> None:
    _, problems = found(**{old: new})
    assert problems
    assert {(problem.rule, problem.span.file, problem.span.line) for problem in problems} == {(rule, FILE, line)}


def test_a_file_that_cannot_be_read_says_only_that() -> None:
    _, problems = found(**{"spec:\n": "spec: [\n"})
    assert {problem.span.file for problem in problems} == {FILE}
    assert not [problem for problem in problems if "sealed" in problem.rule]


def test_a_project_in_a_repository_of_its_own_keeps_its_sealed_secrets_beside_its_spec() -> None:
    moved = {path.replace("projects/demo/", "elsewhere/"): text for path, text in FILES.items()}
    built, problems = of(moved)
    assert problems == []
    assert "SealedSecret/maps-api" in built["objects"]


def test_a_folder_named_secrets_above_a_project_seals_nothing() -> None:
    moved = {path.replace("projects/demo/", "secrets/demo/"): text for path, text in FILES.items()}
    built, problems = of(moved)
    assert problems == []
    assert "SealedSecret/maps-api" in built["objects"]


def test_a_change_of_what_is_sealed_starts_no_run_and_changes_one_file() -> None:
    before, _ = found()
    after, _ = found(AgBy8hCiQm1v="AgBzzzzzzzzz")
    changed = {path for path in before["files"] if before["files"][path] != after["files"][path]}
    assert changed == {"dev/sealedsecret-maps-api.yaml", "dev/mlgen.lock"}
