"""An AppProject that bounds a project to what is its own, and an Application that Argo CD keeps in sync."""

from typing import Any

import pytest
from tests.small import place

from mlgen.pointers import objects

GITOPS = 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"%s}\n'
STORAGE = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}}\n"
JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1}}\n"
SERVING = """\
workloads:
  serve: {kind: serving, server: custom, image: "ghcr.io/acme/a:1", replicas: {min: %s, max: %s}}
"""
FINALIZER = "resources-finalizer.argocd.argoproj.io"


def pointers(spec: str = JOB, more: str = "", environment: str = "") -> dict[str, Any]:
    """By their kinds."""
    return {one.ref.kind: one.body for one in place(spec, GITOPS % more + environment).pointers}


def test_there_is_nothing_to_point_at_without_an_engine() -> None:
    assert place(JOB).pointers == []


def test_two_environments_on_one_cluster_have_two_names() -> None:
    found = pointers()
    assert {body["metadata"]["name"] for body in found.values()} == {"demo-dev"}
    assert {body["metadata"]["namespace"] for body in found.values()} == {"argocd"}
    assert found["Application"]["spec"]["project"] == "demo-dev"


def test_it_points_at_the_overlay() -> None:
    assert pointers(more=", revision: release")["Application"]["spec"]["source"] == {
        "repoURL": "https://git.example.com/acme/ml.git",
        "targetRevision": "release",
        "path": "overlays/demo/dev",
    }


@pytest.mark.parametrize(
    ("more", "cluster"),
    [
        ("", {"server": "https://kubernetes.default.svc"}),
        (', destination: "https://aks.example.com:443"', {"server": "https://aks.example.com:443"}),
        (", destination: aks-west-1", {"name": "aks-west-1"}),
    ],
)
def test_a_cluster_is_an_address_or_a_name(more: str, cluster: dict[str, str]) -> None:
    found = pointers(more=more)
    assert found["Application"]["spec"]["destination"] == {**cluster, "namespace": "ml-demo-dev"}
    assert found["AppProject"]["spec"]["destinations"] == [{**cluster, "namespace": "ml-demo-dev"}]


def test_a_project_may_do_nothing_outside_of_its_own() -> None:
    assert pointers()["AppProject"]["spec"] == {
        "description": "demo in dev",
        "sourceRepos": ["https://git.example.com/acme/ml.git"],
        "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "ml-demo-dev"}],
        "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "ml-demo-dev"}],
        "namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}],
    }


def test_a_namespace_of_others_is_not_the_projects_to_make() -> None:
    found = pointers(environment="namespace: {existing: ml-shared}\n")
    assert found["AppProject"]["spec"]["clusterResourceWhitelist"] == []
    assert found["Application"]["spec"]["destination"]["namespace"] == "ml-shared"


@pytest.mark.parametrize("used", [False, True])
def test_a_volume_that_goes_can_still_be_pruned(used: bool) -> None:
    """Argo CD does not see what is not listed: the last volume would stay for ever."""
    reading = "data: {raw: {blob: telemetry/raw}}\n" + JOB.replace("kind: job,", "kind: job, data: [raw],")
    found = pointers(reading if used else JOB, environment=STORAGE)["AppProject"]["spec"]
    assert [(one["kind"], one["name"]) for one in found["clusterResourceWhitelist"]] == [
        ("Namespace", "ml-demo-dev"),
        ("PersistentVolume", "ml-demo-dev-*"),
    ]


def test_what_a_project_adds_to_the_cluster_is_listed_by_its_name() -> None:
    manifest = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: demo}, value: 5}"
    found = pointers(f"{JOB}manifests: [{manifest}]\n")
    listed = {"group": "scheduling.k8s.io", "kind": "PriorityClass", "name": "demo"}
    assert listed in found["AppProject"]["spec"]["clusterResourceWhitelist"]


def test_only_what_an_autoscaler_owns_is_not_compared() -> None:
    scaled = pointers(SERVING % (2, 9))["Application"]["spec"]
    pointer = {"group": "apps", "kind": "Deployment", "name": "serve", "namespace": "ml-demo-dev"}
    assert scaled["ignoreDifferences"] == [{**pointer, "jsonPointers": ["/spec/replicas"]}]
    assert "RespectIgnoreDifferences=true" in scaled["syncPolicy"]["syncOptions"]
    fixed = pointers(SERVING % (2, 2))["Application"]["spec"]
    assert "ignoreDifferences" not in fixed
    assert "RespectIgnoreDifferences=true" not in fixed["syncPolicy"]["syncOptions"]


def test_what_keda_scales_is_not_compared_either() -> None:
    scaler = (
        "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: serve}, "
        'spec: {scaleTargetRef: {name: serve}, triggers: [{type: cron, metadata: {timezone: UTC, start: "0 8 * * *", '
        'end: "0 18 * * *", desiredReplicas: "4"}}]}}'
    )
    found = pointers(f"manifests: [{scaler}]\n{SERVING % (2, 2)}")["Application"]["spec"]["ignoreDifferences"]
    assert [(one["group"], one["kind"], one["name"]) for one in found] == [("apps", "Deployment", "serve")]


def test_what_is_protected_outlives_its_application() -> None:
    assert pointers()["Application"]["metadata"]["finalizers"] == [FINALIZER]
    image = JOB.replace(":1", ":1@sha256:" + 64 * "0")
    for body in pointers(image, environment="protected: true\n").values():
        assert "finalizers" not in body["metadata"]


def test_a_sync_is_automatic_and_waits_for_nobody() -> None:
    policy = pointers()["Application"]["spec"]["syncPolicy"]
    assert policy["automated"] == {"prune": True, "selfHeal": True}
    assert policy["retry"]["refresh"] is True, "a mended commit does not wait for the broken one"
    assert not [option for option in policy["syncOptions"] if option.startswith(("PruneLast", "Replace", "Force"))]


def test_another_layout_has_another_folder() -> None:
    one = place(JOB, GITOPS % "")
    _, application = objects(one.resolved.site, one.manifests, "dev/demo", "dev/demo")
    assert application.body["spec"]["source"]["path"] == "dev/demo"  # type: ignore[index, call-overload]


def test_a_pointer_comes_from_what_the_environment_says() -> None:
    (_, application) = place(JOB, GITOPS % "").pointers
    assert application.cause(("spec", "source", "repoURL")).line == 4
    assert application.cause(("spec", "syncPolicy")).file == "environments/dev.yaml"
