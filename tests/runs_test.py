"""When a run is there, what its name says, and what asks for it again."""

from typing import Any

import pytest
from tests.small import built, problems

ENVIRONMENT = """\
registry: {host: registry.example.com}
podSecurity: baseline
platform: {tensorflow: kubeflow-training-1.9, pytorch: kubeflow-training-1.9, spark: spark-operator-2.5,
           mpi: kubeflow-training-1.9, ray: kuberay-1.4}
"""
KINDS = {
    "job": "kind: job",
    "mpi": "kind: mpi, command: [mpirun]",
    "ray": "kind: ray, command: [python]",
    "sweep": "kind: sweep, command: [python], parameters: {a: [1, 2]}",
    "tensorflow": "kind: tensorflow, workers: 3",
    "pytorch": "kind: pytorch, workers: 3",
    "spark": "kind: spark, main: 'local:///opt/app.py', executors: {count: 2, cpu: 1, memory: 4Gi}",
}
OBJECTS = {
    "job": "Job",
    "mpi": "MPIJob",
    "ray": "RayJob",
    "sweep": "Job",
    "tensorflow": "TFJob",
    "pytorch": "PyTorchJob",
    "spark": "SparkApplication",
}


def spec(kind: str, more: str = "") -> str:
    return f"image: demo:1.0\nworkloads:\n  train: {{{KINDS[kind]}{more}}}\n"


def releases(text: str) -> str:
    return f"environments: {{dev: {{runs: {{train: {text}}}}}}}\n"


def runs(kind: str, more: str = "", request: str = "") -> list[str]:
    objects: dict[str, Any] = built(spec(kind, more), ENVIRONMENT, releases(request) if request else "")
    return [name for name in objects if name.startswith(f"{OBJECTS[kind]}/")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_on_request_is_there_once_it_is_asked_for(kind: str) -> None:
    assert runs(kind, ", run: request") == []
    [name] = runs(kind, ", run: request", "first full training")
    assert name.startswith(f"{OBJECTS[kind]}/train-")


@pytest.mark.parametrize("kind", KINDS)
def test_another_text_runs_it_again_and_the_same_text_does_not(kind: str) -> None:
    first, again, second = (runs(kind, ", run: request", text) for text in ("one", "'one'", "two"))
    assert first == again != second


def test_a_request_repeats_a_run_that_comes_by_itself() -> None:
    assert runs("job") == runs("job", ", run: change") != runs("job", request="once more")


def test_how_it_is_started_says_nothing_about_what_runs() -> None:
    assert runs("job", request="now") == runs("job", ", run: request", "now")


def test_what_stands_around_a_run_is_there_before_it() -> None:
    objects = built(spec("job", ", run: request"), ENVIRONMENT)
    assert (
        objects["ServiceAccount/train"]["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    )


def test_a_run_that_waits_is_checked_all_the_same() -> None:
    [problem] = problems(spec("job", ", run: request, resources: {gpu: {a100: 1}}"), ENVIRONMENT)
    assert problem.rule == "unknown-gpu"


@pytest.mark.parametrize(
    ("workload", "message"),
    [
        ("train: {kind: job, schedule: '@daily'}", "`train` is no run that can be asked for"),
        ("other: {kind: job}", "the project has no workload `train` that could run"),
        ("train: {kind: job, environments: [prod]}", "`train` does not run in `dev`"),
    ],
)
def test_a_request_that_starts_nothing_is_a_warning(workload: str, message: str) -> None:
    text = f"image: demo:1.0\nworkloads:\n  {workload}\nenvironments: {{dev: {{}}, prod: {{}}}}\n"
    found = [problem for problem in problems(text, ENVIRONMENT, releases("now")) if problem.rule == "unused-release"]
    assert [problem.severity for problem in found] == ["warning"]
    assert found[0].message.startswith(message)
