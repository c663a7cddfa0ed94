"""A queue of Kueue: one for each project, and what waits in it."""

from typing import Any

import pytest
from tests.custom_test import accepted
from tests.small import built, place, problems

from mlgen.kubernetes import check

QUEUE = "queue: {from: kueue-0.19, cluster: gpus}\n"
OPERATORS = """\
podSecurity: baseline
platform: {tensorflow: kubeflow-training-1.9, pytorch: kubeflow-trainer-2.2, mpi: kubeflow-training-1.9,
           ray: kuberay-1.4, spark: spark-operator-2.5}
"""
KINDS = {
    "Job": "kind: job",
    "TFJob": "kind: tensorflow, workers: 3",
    "TrainJob": "kind: pytorch, workers: 3, command: [torchrun, -m, demo]",
    "MPIJob": "kind: mpi, command: [mpirun]",
    "RayJob": "kind: ray, command: [python]",
    "SparkApplication": "kind: spark, main: 'local:///opt/app.py', executors: {count: 2, cpu: 1, memory: 4Gi}",
}
QUEUED = [kind for kind in KINDS if kind != "MPIJob"]  # which is another version's than Kueue knows
LABEL = "kueue.x-k8s.io/queue-name"


def spec(kind: str, more: str = "") -> str:
    return f"image: ghcr.io/acme/demo:1.0\nworkloads:\n  train: {{{KINDS[kind]}{more}}}\n"


def run_of(kind: str, environment: str) -> Any:
    return next(manifest.body for manifest in place(spec(kind), environment).manifests if manifest.run)


@pytest.mark.parametrize("kind", QUEUED)
def test_every_run_waits_in_its_projects_queue_and_keeps_its_name(kind: str) -> None:
    """Where it waits is no part of what it is: a new queue must not start every training anew."""
    queued, plain = run_of(kind, OPERATORS + QUEUE), run_of(kind, OPERATORS)
    assert queued["kind"] == kind
    assert queued["metadata"]["labels"].pop(LABEL) == "demo"
    assert queued == plain
    assert "suspend" not in queued["spec"], "Kueue says it, and an engine would take it back"


def test_the_queue_is_there_before_anything_waits_in_it() -> None:
    objects = built(spec("Job"), QUEUE)
    queue = objects["LocalQueue/demo"]
    assert (queue["apiVersion"], queue["spec"]) == ("kueue.x-k8s.io/v1beta2", {"clusterQueue": "gpus"})
    assert list(check(queue, "1.34")) == []
    assert accepted(queue)


def test_a_kueue_before_0_15_has_the_older_api() -> None:
    queue = built(spec("Job"), QUEUE.replace("0.19", "0.14"))["LocalQueue/demo"]
    assert queue["apiVersion"] == "kueue.x-k8s.io/v1beta1"
    assert list(check(queue, "1.34")) == []


def test_of_a_schedule_each_job_waits() -> None:
    job = built(spec("Job", ", schedule: '@daily'"), QUEUE)["CronJob/train"]
    assert LABEL not in job["metadata"]["labels"]
    assert job["spec"]["jobTemplate"]["metadata"]["labels"][LABEL] == "demo"


def test_what_is_no_run_does_not_wait() -> None:
    objects = built("workloads: {lab: {kind: notebook, image: ghcr.io/acme/lab:1, users: [anna]}}\n", QUEUE)
    assert LABEL not in objects["StatefulSet/lab-anna"]["metadata"]["labels"]


def test_without_a_queue_nothing_waits() -> None:
    objects = built(spec("Job"))
    assert not [name for name in objects if name.startswith("LocalQueue/")]


def test_the_cluster_queue_that_an_environment_names_need_not_be_listed_once_more() -> None:
    assert problems(spec("Job"), QUEUE) == []
