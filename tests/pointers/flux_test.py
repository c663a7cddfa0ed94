"""A source and a Kustomization that Flux keeps in sync, and that wait for no run."""

from typing import Any

import pytest
from tests.small import place, problems

GITOPS = 'gitops: {engine: flux, repository: "https://git.example.com/acme/ml.git"%s}\n'
JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1}}\n"
ALL = """\
secrets: {maps: [KEY]}
workloads:
  train: {kind: job, image: "ghcr.io/acme/a:1", secrets: [maps]}
  nightly: {kind: job, image: "ghcr.io/acme/a:1", schedule: "0 2 * * *"}
  serve: {kind: serving, server: custom, image: "ghcr.io/acme/a:1", replicas: {min: 2, max: 9}}
  lab: {kind: notebook, image: "ghcr.io/acme/a:1", users: [anna]}
"""
STORE = "secrets: {from: external-secrets, store: vault}\n"


def pointers(spec: str = JOB, more: str = "", environment: str = "") -> dict[str, Any]:
    """By their kinds."""
    return {one.ref.kind: one.body for one in place(spec, GITOPS % more + environment).pointers}


def test_a_source_and_a_kustomization_that_belong_together() -> None:
    found = pointers()
    assert list(found) == ["GitRepository", "Kustomization"]
    assert {body["metadata"]["name"] for body in found.values()} == {"demo-dev"}
    assert {body["metadata"]["namespace"] for body in found.values()} == {"flux-system"}
    assert found["Kustomization"]["spec"]["sourceRef"] == {"kind": "GitRepository", "name": "demo-dev"}
    assert found["Kustomization"]["spec"]["path"] == "./overlays/demo/dev"


def test_only_the_project_is_fetched() -> None:
    spec = pointers(more=", revision: release")["GitRepository"]["spec"]
    assert spec["sparseCheckout"] == ["overlays/demo"], "its base and its overlays"
    assert spec["ref"] == {"branch": "release"}
    assert "secretRef" not in spec


def test_a_private_repository_is_opened_by_a_secret() -> None:
    found = pointers(more=", secret: deploy-key")
    assert found["GitRepository"]["spec"]["secretRef"] == {"name": "deploy-key"}
    assert problems(JOB, GITOPS % ", secret: deploy-key") == [], "it is said to exist"


def test_an_artifact_of_a_registry() -> None:
    gitops = 'gitops: {engine: flux, repository: "oci://acme.azurecr.io/manifests/ml", revision: v1.2}\n'
    source, kustomization = (one.body for one in place(JOB, gitops).pointers)
    assert source["kind"] == "OCIRepository"
    assert source["spec"] == {"interval": "5m", "url": "oci://acme.azurecr.io/manifests/ml", "ref": {"tag": "v1.2"}}
    assert kustomization["spec"]["sourceRef"]["kind"] == "OCIRepository"  # type: ignore[index, call-overload]


def test_it_waits_for_what_stays_up_and_for_secrets_and_for_no_run() -> None:
    spec = pointers(ALL, environment=STORE)["Kustomization"]["spec"]
    assert spec["wait"] is False
    assert [(one["kind"], one["name"]) for one in spec["healthChecks"]] == [
        ("ExternalSecret", "maps"),
        ("Deployment", "serve"),
        ("StatefulSet", "lab-anna"),
    ]
    assert {one["namespace"] for one in spec["healthChecks"]} == {"ml-demo-dev"}


def test_where_only_runs_are_it_waits_for_nothing() -> None:
    spec = pointers()["Kustomization"]["spec"]
    assert spec["wait"] is False
    assert "healthChecks" not in spec


@pytest.mark.parametrize(("protected", "policy"), [("", "MirrorPrune"), ("protected: true\n", "Orphan")])
def test_what_is_protected_outlives_its_kustomization(protected: str, policy: str) -> None:
    image = JOB.replace(":1", ":1@sha256:" + 64 * "0")
    spec = pointers(image, environment=protected)["Kustomization"]["spec"]
    assert (spec["prune"], spec["deletionPolicy"]) == (True, policy)


def test_it_acts_as_an_account_and_waits_for_operators_where_that_is_said() -> None:
    bare = pointers()["Kustomization"]["spec"]
    assert not {"serviceAccountName", "dependsOn", "targetNamespace", "postBuild"} & set(bare)
    found = pointers(more=', serviceAccount: "flux-{{ project.name }}", dependsOn: [operators, stores]')
    assert found["Kustomization"]["spec"]["serviceAccountName"] == "flux-demo"
    assert found["Kustomization"]["spec"]["dependsOn"] == [{"name": "operators"}, {"name": "stores"}]


def test_a_template_that_cannot_be_filled_is_said_at_its_place() -> None:
    (problem,) = problems(JOB, GITOPS % ', serviceAccount: "flux-{{ project.nam }}"')
    assert (problem.rule, problem.span.file, problem.span.line) == ("template-undefined", "environments/dev.yaml", 4)
