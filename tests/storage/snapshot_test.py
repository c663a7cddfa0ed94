"""A version of a dataset: a claim that is restored from a snapshot, and nobody writes to."""

from typing import Any

import pytest
from tests.small import built, platform, problems

from mlgen.changes.compare import holds_data
from mlgen.kubernetes import check

SPEC = """\
image: ghcr.io/acme/demo:1.0
data: {images: {snapshot: images-2026-11, size: 200Gi}}
workloads: {train: {kind: job, data: [images]}}
"""


def claims(objects: dict[str, Any]) -> list[Any]:
    return [body for name, body in objects.items() if name.startswith("PersistentVolumeClaim/")]


def job(objects: dict[str, Any]) -> Any:
    return next(body for name, body in objects.items() if name.startswith("Job/"))


def test_a_snapshot_is_restored_into_a_claim_and_only_read() -> None:
    objects = built(SPEC)
    (claim,) = claims(objects)
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "dataSource": {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "images-2026-11"},
        "resources": {"requests": {"storage": "200Gi"}},
    }
    pod = job(objects)["spec"]["template"]["spec"]
    name = claim["metadata"]["name"]
    assert {"name": "images", "persistentVolumeClaim": {"claimName": name, "readOnly": True}} in pod["volumes"]
    assert pod["containers"][0]["volumeMounts"] == [{"name": "images", "mountPath": "/data/images", "readOnly": True}]
    assert list(check(claim, "1.34")) == []


def test_the_environment_says_which_disks_and_whether_pods_share_them() -> None:
    (claim,) = claims(built(SPEC, "storage: {snapshots: {storageClass: ml, shared: true}}\n"))
    assert (claim["spec"]["storageClassName"], claim["spec"]["accessModes"]) == ("ml", ["ReadOnlyMany"])


@pytest.mark.parametrize(("old", "new"), [("2026-11", "2026-12"), ("200Gi", "300Gi")])
def test_another_version_is_another_claim_and_another_run(old: str, new: str) -> None:
    before, after = built(SPEC), built(SPEC.replace(old, new))
    assert [one["metadata"]["name"] for one in claims(before)] != [one["metadata"]["name"] for one in claims(after)]
    assert job(before)["metadata"]["name"] != job(after)["metadata"]["name"]


def test_a_run_keeps_its_version() -> None:
    (claim,) = claims(built(SPEC))
    assert claim["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
    assert not holds_data(claim), "it is a copy: what goes with it is still in the snapshot"


def test_two_workloads_have_one_claim() -> None:
    both = "workloads: {train: {kind: job, data: [images]}, show: {kind: job, data: [images]}}"
    spec = SPEC.replace("workloads: {train: {kind: job, data: [images]}}", both)
    assert len(claims(built(spec, "storage: {snapshots: {shared: true}}\n"))) == 1


def test_pods_on_several_nodes_need_disks_that_they_can_share() -> None:
    spec = SPEC.replace("data: [images]}", "data: [images], completions: 4}")
    assert [problem.rule for problem in problems(spec)] == ["claim-of-two"]
    assert problems(spec, "storage: {snapshots: {shared: true}}\n") == []


def test_nobody_writes_to_a_version() -> None:
    (problem,) = platform(SPEC.replace("size: 200Gi", "size: 200Gi, access: write")).problems
    assert (problem.rule, problem.span.line) == ("unknown-key", 6)
    assert "only read" in str(problem.help)
