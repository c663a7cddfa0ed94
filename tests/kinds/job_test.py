"""A job: a run named by its content, a schedule, a row of numbered pods."""

import re
from typing import Any

import pytest
from tests.small import built, place

TRAIN = """\
workloads:
  train: {kind: job, image: ghcr.io/acme/train:1, command: [python, -m, train]}
"""
NIGHTLY = """\
workloads:
  nightly: {kind: job, image: ghcr.io/acme/train:1, schedule: "0 2 * * *", timeout: 6h, retries: 4}
"""
PARTS = """\
workloads:
  score: {kind: job, image: ghcr.io/acme/train:1, completions: 8, parallelism: 4, retries: 3}
"""


def run_of(spec: str) -> Any:
    return next(body for name, body in built(spec).items() if name.startswith("Job/"))


def test_a_run_is_named_by_its_content() -> None:
    name = run_of(TRAIN)["metadata"]["name"]
    assert re.fullmatch(r"train-[0-9a-f]{10}", name)
    assert run_of(f"# a comment\n{TRAIN}")["metadata"]["name"] == name
    assert run_of(TRAIN.replace("train]", "train, --more]"))["metadata"]["name"] != name


def test_a_tracked_run_has_no_time_to_live_and_is_kept_from_pruning() -> None:
    body = run_of(TRAIN)
    assert "ttlSecondsAfterFinished" not in body["spec"]
    annotations = body["metadata"]["annotations"]
    assert annotations["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert annotations["kustomize.toolkit.fluxcd.io/prune"] == "disabled"


def test_the_container_is_told_the_name_of_its_run() -> None:
    body = run_of(TRAIN)
    container = body["spec"]["template"]["spec"]["containers"][0]
    assert container["env"] == [{"name": "MLGEN_RUN", "value": body["metadata"]["name"]}]


def test_a_schedule_makes_a_cron_job_whose_jobs_go_after_a_week() -> None:
    spec = built(NIGHTLY)["CronJob/nightly"]["spec"]
    assert spec["schedule"] == "0 2 * * *"
    assert spec["timeZone"] == "Etc/UTC"
    assert spec["concurrencyPolicy"] == "Forbid"
    job = spec["jobTemplate"]["spec"]
    assert job["ttlSecondsAfterFinished"] == 7 * 24 * 3600
    assert job["activeDeadlineSeconds"] == 6 * 3600
    assert job["backoffLimit"] == 4


def test_numbered_pods_are_tried_again_one_by_one() -> None:
    spec = run_of(PARTS)["spec"]
    assert {key: spec[key] for key in ("completionMode", "completions", "parallelism", "backoffLimitPerIndex")} == {
        "completionMode": "Indexed",
        "completions": 8,
        "parallelism": 4,
        "backoffLimitPerIndex": 3,
    }
    assert "backoffLimit" not in spec


def test_pods_keep_to_the_restricted_standard() -> None:
    pod = run_of(TRAIN)["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    security = pod["containers"][0]["securityContext"]
    assert security == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert pod["automountServiceAccountToken"] is False


def test_gpus_are_requested_and_limited_alike_and_placed() -> None:
    spec = "workloads:\n  train: {kind: job, image: ghcr.io/a/b:1, resources: {cpu: 8, memory: 32Gi, gpu: {a100: 2}}}\n"
    environment = """\
        gpus:
          a100:
            resource: nvidia.com/gpu
            nodeSelector: {accelerator: a100}
            tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
        """
    result = place(spec, environment)
    run: Any = next(manifest.body for manifest in result.manifests if manifest.run)
    pod = run["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"] == {
        "requests": {"cpu": "8", "memory": "32Gi", "nvidia.com/gpu": "2"},
        "limits": {"memory": "32Gi", "nvidia.com/gpu": "2"},
    }
    assert pod["nodeSelector"] == {"accelerator": "a100"}
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]


@pytest.mark.parametrize(("written", "seconds"), [("90s", 90), ("10m", 600), ("6h", 21600), ("2d", 172800)])
def test_times_become_seconds(written: str, seconds: int) -> None:
    spec = TRAIN.replace("train]}", f"train], timeout: {written}}}")
    assert run_of(spec)["spec"]["activeDeadlineSeconds"] == seconds
