"""Spot nodes: who goes there, what it means to lose one, and what must be saved."""

from typing import Any

import pytest
from tests.around.queue_test import KINDS, OPERATORS
from tests.custom_test import accepted
from tests.small import built, place, platform, problems

from mlgen.kubernetes import check

SELECTOR = {"kubernetes.azure.com/scalesetpriority": "spot"}
TAINT = {"key": "kubernetes.azure.com/scalesetpriority", "operator": "Equal", "value": "spot", "effect": "NoSchedule"}
SPOT = """\
spot:
  nodeSelector: {kubernetes.azure.com/scalesetpriority: spot}
  tolerations: [{key: kubernetes.azure.com/scalesetpriority, operator: Equal, value: spot, effect: NoSchedule}]
"""
SAVES = "image: ghcr.io/acme/demo:1.0\ndata: {models: {claim: models, access: write}}\n"


def spec(kind: str, more: str = "") -> str:
    return f"{SAVES}workloads:\n  train: {{{KINDS[kind]}, data: [models], spot: true{more}}}\n"


def run_of(text: str, environment: str) -> Any:
    return next(manifest.body for manifest in place(text, environment).manifests if manifest.run)


def placed(value: Any) -> list[Any]:
    """Whatever has containers, or is said to be pods of Spark: its selector and its tolerations."""
    if isinstance(value, list):
        return [found for item in value for found in placed(item)]
    if not isinstance(value, dict):
        return []
    pod = ("containers" in value and "initContainers" not in value) or "coreRequest" in value
    own = [(value.get("nodeSelector"), value.get("tolerations"))] if pod else []
    return own + [found for inner in value.values() for found in placed(inner)]


THERE, STAYS = (SELECTOR, [TAINT]), (None, None)


@pytest.mark.parametrize(
    ("kind", "pods"),
    {
        "Job": [THERE],
        "TFJob": [THERE],
        "TrainJob": [THERE],
        # Launcher, driver, head and submitter stay: all the others would go with them.
        "MPIJob": [STAYS, THERE],
        "SparkApplication": [STAYS, THERE],
        "RayJob": [STAYS, STAYS, THERE],
    }.items(),
)
def test_pods_go_there_but_for_those_that_hold_the_rest_together(kind: str, pods: list[Any]) -> None:
    run = run_of(spec(kind), OPERATORS + SPOT)
    assert run["kind"] == kind
    assert placed(run) == pods
    assert accepted(run) if kind != "Job" else list(check(run, "1.34")) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_a_pod_that_was_taken_away_is_none_of_a_jobs_retries(workers: int) -> None:
    text = f"{SAVES}workloads: {{train: {{kind: pytorch, workers: {workers}, data: [models], spot: true}}}}\n"
    job = run_of(text, SPOT)
    (rule,) = job["spec"]["podFailurePolicy"]["rules"]
    assert rule == {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never", "Kubernetes refuses the policy with another"
    assert list(check(job, "1.30")) == list(check(job, "1.37")) == []


def test_jobs_of_a_schedule_and_of_a_jobset_forgive_it_too() -> None:
    cron = built(f"{SAVES}workloads: {{a: {{kind: job, data: [models], schedule: '@daily', spot: true}}}}\n", SPOT)
    assert "podFailurePolicy" in cron["CronJob/a"]["spec"]["jobTemplate"]["spec"]
    jobset = run_of(spec("TrainJob"), "platform: {pytorch: jobset-0.12}\n" + SPOT)
    (row,) = jobset["spec"]["replicatedJobs"]
    assert "podFailurePolicy" in row["template"]["spec"]
    assert accepted(jobset)


def test_nodes_are_those_with_the_gpus_that_may_be_taken_away() -> None:
    gpus = (
        "gpus: {t4: {resource: nvidia.com/gpu, nodeSelector: {gpu: t4}, tolerations: [{key: gpu, operator: Exists}]}}\n"
    )
    run = run_of(spec("Job", ", resources: {gpu: {t4: 1}}"), SPOT + gpus)
    assert placed(run) == [({"gpu": "t4", **SELECTOR}, [{"key": "gpu", "operator": "Exists"}, TAINT])]


def test_a_run_that_saves_nothing_is_warned_of_where_it_says_spot() -> None:
    (problem,) = problems("image: ghcr.io/acme/demo:1.0\nworkloads:\n  train: {kind: job, spot: true}\n", SPOT)
    assert (problem.rule, problem.severity) == ("no-checkpoint", "warning")
    assert (problem.span.file, problem.span.line, problem.span.column) == ("projects/demo/mlgen.yaml", 7, 28)


def test_who_knows_better_says_why() -> None:
    reason = "ignore: {no-checkpoint: it takes ten minutes}"
    text = f"image: ghcr.io/acme/demo:1.0\nworkloads:\n  train: {{kind: job, spot: true, {reason}}}\n"
    assert problems(text, SPOT) == []


def test_an_environment_may_send_a_whole_kind_there() -> None:
    text = f"{SAVES}workloads: {{train: {{kind: job, data: [models]}}}}\n"
    assert placed(run_of(text, SPOT + "defaults: {job: {spot: true}}\n")) == [THERE]
    assert placed(run_of(text, SPOT)) == [STAYS]


@pytest.mark.parametrize("kind", ["serving, server: custom", "notebook, users: [anna]"])
def test_what_people_wait_for_stays(kind: str) -> None:
    text = f"image: ghcr.io/acme/demo:1.0\nworkloads:\n  a: {{kind: {kind}, spot: true}}\n"
    (problem,) = platform(text, SPOT).problems
    assert problem.rule == "unknown-key"
    assert "stay" in str(problem.help)


def test_a_trial_that_was_taken_away_is_none_of_its_retries() -> None:
    trial = "kind: sweep, command: [python, -m, demo], parameters: {lr: [0.1, 0.2]}, data: [models], spot: true"
    job = run_of(f"{SAVES}workloads:\n  tune: {{{trial}}}\n", SPOT)
    assert "podFailurePolicy" in job["spec"]
    assert placed(job) == [THERE]
    assert list(check(job, "1.34")) == []
