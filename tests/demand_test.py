"""Specs in, what all their pods ask for out; and against a quota."""

from fractions import Fraction

import pytest
from tests.small import built, platform, problems

from mlgen.demand import Demand, demand
from mlgen.resolve import resolve

GIB = 2**30
GPUS = "gpus: {a100: {resource: nvidia.com/gpu}, t4: {resource: nvidia.com/gpu}, l4: {resource: nvidia.com/l4}}\n"


def asked(workload: str, environment: str = GPUS) -> Demand:
    found = platform(f"workloads: {{w: {{image: ghcr.io/a/b:1, {workload}}}}}\n", environment)
    assert not found.problems
    [one] = resolve(found.projects["demo"], found.environments["dev"], None)[0].workloads
    return demand(one.spec)


@pytest.mark.parametrize(
    ("workload", "cpu", "memory", "gpus"),
    [
        ("kind: job", "1/2", 1, {}),
        ("kind: job, resources: {cpu: 250m, memory: 1.5Gi, gpu: {a100: 2}}", "1/4", "3/2", {"a100": 2}),
        ("kind: job, completions: 8, resources: {cpu: 2, gpu: {t4: 1}}", "16", 8, {"t4": 8}),
        ("kind: job, completions: 8, parallelism: 3, resources: {cpu: 2}", "6", 3, {}),
        ("kind: notebook, users: [a, b, c]", "3/2", 3, {}),
        ("kind: serving, server: custom, replicas: {min: 2}", "1", 2, {}),
        ("kind: serving, server: custom, replicas: {min: 2, max: 6}", "3", 6, {}),
    ],
)
def test_all_pods_of_a_workload_count(workload: str, cpu: str, memory: str, gpus: dict[str, int]) -> None:
    assert asked(workload) == Demand(Fraction(cpu), Fraction(memory) * GIB, gpus)


TWO = """\
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, resources: {cpu: 8, memory: 32Gi}}
  serve: {kind: serving, server: custom, image: ghcr.io/a/b:1, replicas: {min: 1, max: 4}, resources: {cpu: 2}}
"""


@pytest.mark.parametrize("quota", ["cpu: 16, memory: 36Gi", "cpu: 16000m", "memory: 37748736Ki", "gpu: {a100: 0}"])
def test_what_just_fits_fits(quota: str) -> None:
    assert built(TWO, f"{GPUS}quota: {{{quota}}}\n")


@pytest.mark.parametrize(
    ("quota", "told"),
    [
        ("cpu: 15.999", "16 processors (`train` for 8, `serve` for 8), and the quota is 16"),
        ("cpu: 15", "16 processors (`train` for 8, `serve` for 8), and the quota is 15"),
        ("memory: 35Gi", "36Gi of memory (`train` for 32Gi, `serve` for 4Gi), and the quota is 35Gi"),
        ("memory: 38G", "36Gi of memory (`train` for 32Gi, `serve` for 4Gi), and the quota is 35.39Gi"),
    ],
)
def test_the_sum_of_what_runs_at_once_is_held_against_the_quota(quota: str, told: str) -> None:
    [problem] = problems(TWO, f"quota: {{{quota}}}\n")
    assert (problem.rule, problem.severity) == ("over-quota", "error")
    assert told in problem.message
    assert problem.span.file == "projects/demo/mlgen.yaml"
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]


def test_classes_that_are_one_resource_count_together() -> None:
    """Kubernetes counts `nvidia.com/gpu`, whatever the node."""
    spec = """\
workloads:
  a: {kind: job, image: ghcr.io/a/b:1, resources: {gpu: {a100: 4}}}
  b: {kind: job, image: ghcr.io/a/b:1, resources: {gpu: {t4: 2}}}
  c: {kind: job, image: ghcr.io/a/b:1, resources: {gpu: {l4: 8}}}
"""
    [problem] = problems(spec, GPUS + "quota: {gpu: {a100: 5}}\n")
    assert "asks for 6 GPUs of `nvidia.com/gpu` (`a` for 4, `b` for 2), and the quota is 5" in problem.message
    assert built(spec, GPUS + "quota: {gpu: {a100: 6, l4: 8}}\n")


def test_in_a_shared_namespace_the_quota_is_still_a_limit() -> None:
    """Whoever owns the namespace owns its ResourceQuota; that the project fits is checked here."""
    [problem] = problems(TWO, "namespace: {existing: shared}\nquota: {cpu: 4}\n")
    assert problem.rule == "over-quota"
