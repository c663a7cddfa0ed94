"""What a webhook adds to pods counts in quotas: a container of Cloud Storage FUSE."""

from fractions import Fraction
from typing import Any

import pytest
from tests.around.queue_test import KINDS, OPERATORS
from tests.small import place, problems

from mlgen.footprint import footprint
from mlgen.gathered import Gathered
from mlgen.sidecars import beside

BUCKET = "storage: {blob: {driver: gcs, bucket: acme}}\n"
MIB = 1024**2


def spec(kind: str, data: str) -> str:
    text = KINDS[kind]
    return f"image: ghcr.io/acme/demo:1.0\ndata: {data}\nworkloads:\n  train: {{{text}, data: [raw]}}\n"


def asked(kind: str, data: str) -> dict[str, Fraction]:
    """What all pods of the run ask for at once."""
    built = place(spec(kind, data), OPERATORS.replace("trainer-2.2", "trainer-2.2") + BUCKET)
    shares = footprint(Gathered([manifest.body for manifest in built.manifests if manifest.run]))
    return {
        name: sum((share.most * share.asked(name) for share in shares), Fraction(0))
        for name in ("requests.cpu", "requests.memory")
    }


@pytest.mark.parametrize(
    ("kind", "pods"), {"Job": 1, "TFJob": 3, "TrainJob": 3, "SparkApplication": 3, "MPIJob": 2}.items()
)
def test_each_pod_that_mounts_a_bucket_has_one_more_container(kind: str, pods: int) -> None:
    with_bucket, without = asked(kind, "{raw: {blob: raw}}"), asked(kind, "{raw: {claim: raw}}")
    assert with_bucket["requests.cpu"] - without["requests.cpu"] == pods * Fraction(1, 4)
    assert with_bucket["requests.memory"] - without["requests.memory"] == pods * 256 * MIB


@pytest.mark.parametrize(
    ("notes", "requests", "limits"),
    [
        ({}, {"cpu": "250m", "memory": "256Mi", "ephemeral-storage": "5Gi"}, {}),
        ({"memory-limit": "1Gi"}, {"memory": "1Gi"}, {"memory": "1Gi"}),
        ({"memory-request": "1Gi"}, {"memory": "1Gi"}, {"memory": "1Gi"}),
        ({"memory-limit": "0"}, {"memory": "256Mi"}, {}),
        ({"memory-request": "1Gi", "memory-limit": "0"}, {"memory": "1Gi"}, {}),
        ({"cpu-request": "1", "cpu-limit": "2"}, {"cpu": "1"}, {"cpu": "2"}),
    ],
)
def test_annotations_say_what_it_asks_for(notes: dict[str, str], requests: Any, limits: Any) -> None:
    (container,) = beside({"gke-gcsfuse/volumes": "true", **{f"gke-gcsfuse/{k}": v for k, v in notes.items()}}, {})
    assert isinstance(container, dict)
    found: Any = container["resources"]
    assert requests.items() <= found["requests"].items()
    assert found["limits"] == limits


def test_what_has_no_limit_gets_that_of_the_namespace() -> None:
    (container,) = beside({"gke-gcsfuse/volumes": "true"}, {"default": {"memory": "512Mi"}})
    assert isinstance(container, dict)
    found: Any = container["resources"]
    assert found["limits"] == {"memory": "512Mi"}
    assert beside({"gke-gcsfuse/volumes": "false"}, {}) == []


def test_a_quota_that_is_too_small_for_it_is_told() -> None:
    """The Job asks for 2 processors and has two; its bucket's container is refused."""
    text = spec("Job", "{raw: {blob: raw}}").replace("kind: job", "kind: job, resources: {cpu: 2, memory: 1Gi}")
    (problem,) = problems(text, BUCKET + "quota: {cpu: 2}\n")
    assert problem.rule == "over-quota"
    assert problems(text, BUCKET + "quota: {cpu: 2.25}\n") == []
