"""What runs in a protected environment is pinned: every image of every custom resource, and every model."""

from typing import Any

import pytest
from tests.small import place

from mlgen import emit
from mlgen.checks import unpinned_image, unversioned_model
from mlgen.checks.containers import images

PROTECTED = "protected: true\n"
DIGEST = "sha256:" + "0123456789abcdef" * 4
HEAD = f'workloads: {{train: {{kind: job, image: "ghcr.io/acme/train:1.0@{DIGEST}"}}}}\nmanifests:\n'


def found(spec: Any, *, api_version: str, kind: str) -> list[tuple[str, str]]:
    """What is said of the images and models of a whole object in a protected environment."""
    body = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "one"}, "spec": spec}
    text = HEAD + "".join(
        f"  {'- ' if not number else '  '}{line}\n" for number, line in enumerate(emit.dump(body).splitlines())
    )
    here = place(text, PROTECTED)
    checks = (unpinned_image, unversioned_model)
    return [(one.rule, one.message) for check in checks for one in check.check(here.manifests, here.resolved.site)]


@pytest.mark.parametrize(
    ("api_version", "kind", "spec"),
    [
        ("serving.kserve.io/v1beta1", "InferenceService", {"predictor": {"model": {"image": "acme/serve:1"}}}),
        ("serving.kserve.io/v1beta1", "InferenceService", {"predictor": {"containers": [{"image": "acme/serve:1"}]}}),
        (
            "ray.io/v1",
            "RayCluster",
            {"headGroupSpec": {"template": {"spec": {"containers": [{"image": "acme/serve:1"}]}}}},
        ),
        ("argoproj.io/v1alpha1", "Workflow", {"templates": [{"container": {"image": "acme/serve:1"}}]}),
        ("argoproj.io/v1alpha1", "Workflow", {"templates": [{"script": {"image": "acme/serve:1"}}]}),
        ("trainer.kubeflow.org/v1alpha1", "TrainJob", {"trainer": {"image": "acme/serve:1"}}),
    ],
)
def test_every_image_of_a_custom_resource_is_pinned(api_version: str, kind: str, spec: Any) -> None:
    [(rule, message)] = found(spec, api_version=api_version, kind=kind)
    assert rule == "unpinned-image"
    assert "`acme/serve:1` has no digest" in message


def test_spark_has_images_of_its_own() -> None:
    spec = {"image": "a:1", "mainApplicationFile": "x", "driver": {"image": "b:1"}, "executor": {"sidecars": []}}
    body: Any = {"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "spec": spec}
    assert [text for _, text in images(body)] == ["a:1", "b:1"]


@pytest.mark.parametrize(
    ("address", "versioned"),
    [
        ("s3://models/churn/42", True),
        ("gs://models/churn/v1.2/model", True),
        ("pvc://models/churn-v3", True),
        ("hf://acme/churn:9f86d08", True),
        (f"oci://ghcr.io/acme/churn@{DIGEST}", True),
        ("https://acme.blob.core.windows.net/models/churn/2026-11-01", True),
        ("s3://models/churn", False),
        ("s3://models-2/churn", False),
        ("s3://models/churn/latest", False),
        ("hf://acme/churn-3:main", False),
    ],
)
def test_a_model_has_a_version(address: str, versioned: bool) -> None:
    spec = {"predictor": {"model": {"modelFormat": {"name": "onnx"}, "storageUri": address}}}
    rules = [rule for rule, _ in found(spec, api_version="serving.kserve.io/v1beta1", kind="InferenceService")]
    assert rules == ([] if versioned else ["unversioned-model"])
