"""A workload's priority: the class of its pods, and who goes first in the queue."""

from typing import Any

import pytest
from tests.around.queue_test import OPERATORS, QUEUE, QUEUED, spec
from tests.custom_test import accepted
from tests.small import built, place, problems

AHEAD = "kueue.x-k8s.io/priority-class"
RANKED = "priorities: {batch: {class: ml-batch}, urgent: {class: ml-urgent, queue: first}, none: {}}\n"


def classes(value: Any) -> list[str]:
    """Every PriorityClass that is named anywhere in an object."""
    if isinstance(value, list):
        return [found for item in value for found in classes(item)]
    if not isinstance(value, dict):
        return []
    own = [value["priorityClassName"]] if "priorityClassName" in value else []
    return own + [found for inner in value.values() for found in classes(inner)]


def run_of(kind: str, environment: str, more: str = "") -> Any:
    return next(manifest.body for manifest in place(spec(kind, more), environment).manifests if manifest.run)


@pytest.mark.parametrize(
    ("kind", "pods"), {"Job": 1, "TFJob": 1, "MPIJob": 2, "RayJob": 3, "SparkApplication": 2}.items()
)
def test_every_pod_of_a_run_has_the_class(kind: str, pods: int) -> None:
    run = run_of(kind, OPERATORS + RANKED, ", priority: batch")
    assert classes(run) == ["ml-batch"] * pods
    assert accepted(run) if kind != "Job" else True


def test_servers_and_notebooks_have_it_too() -> None:
    text = """\
        image: ghcr.io/acme/demo:1.0
        workloads:
          lab: {kind: notebook, users: [anna], priority: batch}
          serve: {kind: serving, server: custom, priority: urgent}
        """
    objects = built(text, RANKED)
    assert classes(objects["StatefulSet/lab-anna"]) == ["ml-batch"]
    assert classes(objects["Deployment/serve"]) == ["ml-urgent"]


@pytest.mark.parametrize("kind", [kind for kind in QUEUED if kind != "TrainJob"])
def test_who_goes_first_in_the_queue_is_no_part_of_a_run(kind: str) -> None:
    ranked = run_of(kind, OPERATORS + QUEUE + RANKED.replace("class: ml-urgent, ", ""), ", priority: urgent")
    plain = run_of(kind, OPERATORS + QUEUE)
    assert ranked["metadata"]["labels"].pop(AHEAD) == "first"
    assert ranked == plain


def test_without_a_queue_only_the_pods_have_a_class() -> None:
    labels = run_of("Job", RANKED.replace(", queue: first", ""), ", priority: urgent")["metadata"]["labels"]
    assert AHEAD not in labels


def test_a_priority_that_is_empty_here_changes_nothing() -> None:
    assert run_of("Job", RANKED.replace(", queue: first", ""), ", priority: none") == run_of("Job", "")


def test_an_environment_may_rank_a_whole_kind() -> None:
    job = run_of("Job", "priorities: {batch: {class: ml-batch}}\ndefaults: {job: {priority: batch}}\n")
    assert classes(job) == ["ml-batch"]


def test_a_training_whose_runtime_decides_is_told_so() -> None:
    (problem,) = problems(spec("TrainJob", ", priority: batch"), OPERATORS + RANKED.replace(", queue: first", ""))
    assert (problem.rule, problem.severity) == ("runtime-decides", "warning")
    assert "`priority` has no effect" in problem.message


def test_a_class_that_kueue_knows_is_enough_for_such_a_training() -> None:
    train = run_of("TrainJob", OPERATORS + QUEUE + RANKED, ", priority: urgent")
    assert train["metadata"]["labels"][AHEAD] == "first"
    assert classes(train) == []
