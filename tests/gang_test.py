"""Pods that start together or not at all: what each scheduler and each operator has to be told."""

from typing import Any

import pytest
from tests.around.queue_test import KINDS, OPERATORS, spec
from tests.custom_test import accepted
from tests.small import built, place, problems

from mlgen.kubernetes import check

VOLCANO = "scheduler: {from: volcano, queue: ml}\n"
TOGETHER = "scheduler: {from: coscheduling}\n"
RANKED = "priorities: {batch: {class: ml-batch}}\n"
QUEUE, LEAST = "scheduling.volcano.sh/queue-name", "scheduling.volcano.sh/group-min-member"
PYTORCH = "image: ghcr.io/acme/demo:1.0\nworkloads:\n  train: {kind: pytorch, command: [torchrun], workers: 4}\n"


def run_of(text: str, environment: str) -> Any:
    return next(manifest.body for manifest in place(text, environment).manifests if manifest.run)


def templates(value: Any) -> list[Any]:
    """Every pod template with containers of their own."""
    if isinstance(value, list):
        return [found for item in value for found in templates(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "containers" in value.get("spec", {}) else []
    return own + [found for inner in value.values() for found in templates(inner)]


@pytest.mark.parametrize("kind", ["Job", "TFJob", "MPIJob", "RayJob"])
@pytest.mark.parametrize(
    ("scheduler", "name", "notes"),
    [(VOLCANO, "volcano", {QUEUE: "ml"}), (TOGETHER, "scheduler-plugins-scheduler", {})],
)
def test_every_pod_of_a_run_names_who_places_it(kind: str, scheduler: str, name: str, notes: Any) -> None:
    run = run_of(spec(kind), OPERATORS + scheduler)
    assert {pod["spec"]["schedulerName"] for pod in templates(run)} == {name}
    assert all(pod["metadata"].get("annotations", {}) == notes for pod in templates(run))
    assert accepted(run) if kind != "Job" else list(check(run, "1.34")) == []


def test_a_scheduler_may_have_another_name() -> None:
    run = run_of(spec("Job"), "scheduler: {from: coscheduling, name: gangs}\n")
    assert run["spec"]["template"]["spec"]["schedulerName"] == "gangs"


def test_volcano_is_told_how_many_pods_of_a_job_need_each_other_and_the_run_keeps_its_name() -> None:
    job = run_of(PYTORCH, VOLCANO)
    assert job["metadata"]["annotations"][LEAST] == "4"
    alone = run_of(PYTORCH.replace("workers: 4", "workers: 1"), VOLCANO)
    assert LEAST not in alone["metadata"]["annotations"]
    array = run_of(spec("Job", ", completions: 4"), VOLCANO)
    assert LEAST not in array["metadata"]["annotations"], "these share the work and do not need each other"
    jobset = run_of(PYTORCH, "platform: {pytorch: jobset-0.12}\n" + VOLCANO)
    (row,) = jobset["spec"]["replicatedJobs"]
    assert row["template"]["metadata"]["annotations"] == {LEAST: "4"}
    assert accepted(jobset)


@pytest.mark.parametrize(("kind", "pods"), {"TFJob": 3, "MPIJob": 2}.items())
def test_kubeflows_operator_is_told_of_group_queue_and_priority(kind: str, pods: int) -> None:
    policy = run_of(spec(kind, ", priority: batch"), OPERATORS + VOLCANO + RANKED)["spec"]["runPolicy"]
    assert policy["schedulingPolicy"] == {"minAvailable": pods, "queue": "ml", "priorityClass": "ml-batch"}
    policy = run_of(spec(kind, ", priority: batch"), OPERATORS + TOGETHER + RANKED)["spec"]["runPolicy"]
    assert policy["schedulingPolicy"] == {"minAvailable": pods}, "a PodGroup of scheduler-plugins has nothing else"


def test_sparks_operator_is_told_who_and_in_which_queue() -> None:
    application = run_of(spec("SparkApplication", ", priority: batch"), OPERATORS + VOLCANO + RANKED)
    assert application["spec"]["batchScheduler"] == "volcano"
    assert application["spec"]["batchSchedulerOptions"] == {"queue": "ml", "priorityClassName": "ml-batch"}
    assert accepted(application)
    application = run_of(spec("SparkApplication"), OPERATORS + TOGETHER)
    assert application["spec"]["batchScheduler"] == "scheduler-plugins-scheduler"
    assert "batchSchedulerOptions" not in application["spec"]


def test_kuberay_reads_labels_which_are_no_part_of_the_run() -> None:
    labels = run_of(spec("RayJob", ", priority: batch"), OPERATORS + VOLCANO + RANKED)["metadata"]["labels"]
    assert labels["volcano.sh/queue-name"] == "ml"
    assert labels["ray.io/priority-class-name"] == "ml-batch"
    labels = run_of(spec("RayJob"), OPERATORS + TOGETHER)["metadata"]["labels"]
    assert labels["ray.io/gang-scheduling-enabled"] == "true"


def test_what_serves_is_placed_as_ever() -> None:
    text = "image: ghcr.io/acme/demo:1.0\nworkloads: {serve: {kind: serving, server: custom}}\n"
    assert built(text, VOLCANO) == built(text)


def test_the_runtime_of_a_trainjob_makes_the_group() -> None:
    (problem,) = problems(spec("TrainJob"), OPERATORS + VOLCANO)
    assert (problem.rule, problem.severity) == ("runtime-decides", "warning")
    assert "podGroupPolicy" in str(problem.help)


@pytest.mark.parametrize("platform", ["", "platform: {pytorch: jobset-0.12}\n"])
def test_of_jobs_the_plugin_makes_no_group_and_that_is_said(platform: str) -> None:
    (problem,) = problems(PYTORCH, platform + TOGETHER)
    assert (problem.rule, problem.severity, problem.span.line) == ("no-gang", "warning", 7)
    assert problems(PYTORCH.replace("workers: 4", "workers: 1"), platform + TOGETHER) == []


def test_a_queue_of_kueue_may_stand_before_it() -> None:
    run = run_of(spec("Job"), VOLCANO + "queue: {from: kueue-0.19, cluster: gpus}\n")
    assert run["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "demo"


def test_every_kind_that_ends_is_asked_about() -> None:
    """A new kind of run has to say here what a scheduler means to it."""
    assert set(KINDS) == {"Job", "TFJob", "TrainJob", "MPIJob", "RayJob", "SparkApplication"}
