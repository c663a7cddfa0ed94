"""The API server's rules in custom resources: the pods that an operator makes have to keep them."""

from typing import Any

import pytest

from mlgen.kubernetes import MINORS, check

CONTAINER = {"name": "tensorflow", "image": "ghcr.io/acme/train:1.0"}


def tfjob(**spec: Any) -> dict[str, Any]:
    template = {"spec": {"containers": [CONTAINER], **spec}}
    return {
        "apiVersion": "kubeflow.org/v1",
        "kind": "TFJob",
        "metadata": {"name": "train"},
        "spec": {"tfReplicaSpecs": {"Worker": {"template": template}}},
    }


def container(**fields: Any) -> dict[str, Any]:
    return tfjob(containers=[{**CONTAINER, **fields}])


def volume(**source: Any) -> dict[str, Any]:
    return tfjob(volumes=[{"name": "a", **source}])


def told(body: dict[str, Any], minor: str = "1.34") -> list[tuple[str, str]]:
    where = "spec.tfReplicaSpecs.Worker.template.spec."
    return [(fault.rule, ".".join(map(str, fault.path)).removeprefix(where)) for fault in check(body, minor)]


@pytest.mark.parametrize("minor", MINORS)
def test_what_an_operator_fills_in_is_not_asked_for(minor: str) -> None:
    assert told(tfjob(containers=[{"name": "tensorflow"}]), minor) == []
    assert told(tfjob(containers=[{**CONTAINER, "readinessProbe": {"periodSeconds": 5}}]), minor) == []
    assert told(tfjob(), minor) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (tfjob(restartPolicy="never"), ("restart-policy", "restartPolicy")),
        (container(ports=[{"containerPort": 0}]), ("port-number", "containers.0.ports.0.containerPort")),
        (container(resources={"limits": {"gpu": 1}}), ("bad-resource", "containers.0.resources.limits.gpu")),
        (container(env=[{"name": "A=B"}]), ("bad-env-name", "containers.0.env.0.name")),
        (volume(emptyDir={}, secret={"secretName": "b"}), ("one-source", "volumes.0.secret")),
        (
            volume(persistentVolumeClaim={"claimName": ""}),
            ("missing-value", "volumes.0.persistentVolumeClaim.claimName"),
        ),
        (
            tfjob(tolerations=[{"key": "gpu", "operator": "Exists", "value": "a"}]),
            ("bad-scheduling", "tolerations.0.value"),
        ),
        (tfjob(nodeSelector={"gpu type": "a100"}), ("bad-label", "nodeSelector.gpu type")),
    ],
)
def test_what_is_said_has_to_be_right(body: dict[str, Any], expected: tuple[str, str]) -> None:
    assert told(body) == [expected]


def test_its_name_is_one_that_the_api_server_takes() -> None:
    assert told({**tfjob(), "metadata": {"name": "Train_1"}}) == [("bad-name", "metadata.name")]
    assert told({**tfjob(), "metadata": {"generateName": "train-"}}) == []
    assert told({**tfjob(), "metadata": {"labels": {"a": "b"}}}) == [("bad-name", "metadata")]
    # A finalizer of a custom resource need not have a domain: resources-finalizer.argocd.argoproj.io has none.
    assert told({**tfjob(), "metadata": {"name": "train", "finalizers": ["resources-finalizer.example.io"]}}) == []
    assert told({**tfjob(), "metadata": {"name": "train", "finalizers": ["a b"]}}) == [
        ("bad-finalizer", "metadata.finalizers.0")
    ]


def test_pods_of_a_kind_without_a_schema_are_checked_all_the_same() -> None:
    body = {
        "apiVersion": "batch.volcano.sh/v1alpha1",
        "kind": "Job",
        "metadata": {"name": "train"},
        "spec": {"tasks": [{"template": {"spec": {"containers": [{**CONTAINER, "imagePullPolicy": "always"}]}}}]},
    }
    assert told(body) == [
        ("no-schema", "apiVersion"),
        ("wrong-choice", "spec.tasks.0.template.spec.containers.0.imagePullPolicy"),
    ]


def test_what_an_operator_makes_of_a_placeholder_is_not_known() -> None:
    body = {
        "apiVersion": "example.com/v1",
        "kind": "Workflow",
        "spec": {
            "podSpec": {"containers": [{**CONTAINER, "resources": {"requests": {"memory": "{{inputs.memory}}"}}}]}
        },
    }
    assert told(body) == [("no-schema", "apiVersion")]
