"""Specs in, what all their pods ask for out, as their objects say it; and against a quota."""

from fractions import Fraction

import pytest
from tests.small import built, place, problems

from mlgen.footprint import footprint
from mlgen.gathered import Gathered

GIB = 2**30
GPUS = "gpus: {a100: {resource: nvidia.com/gpu}, t4: {resource: nvidia.com/gpu}, l4: {resource: nvidia.com/l4}}\n"


def asked(workload: str, environment: str = GPUS) -> dict[str, Fraction]:
    """What all pods of a workload request while it is not rolled out, without what is nothing."""
    found = place(f"workloads: {{w: {{image: ghcr.io/a/b:1, {workload}}}}}\n", environment)
    total: dict[str, Fraction] = {}
    for share in footprint(Gathered([manifest.body for manifest in found.manifests])):
        for name, amount in share.requests.items():
            total[name] = total.get(name, Fraction(0)) + share.most * amount
    return total


@pytest.mark.parametrize(
    ("workload", "cpu", "memory", "gpus"),
    [
        ("kind: job", "1/2", 1, {}),
        ("kind: job, resources: {cpu: 250m, memory: 1.5Gi, gpu: {a100: 2}}", "1/4", "3/2", {"nvidia.com/gpu": 2}),
        ("kind: job, completions: 8, resources: {cpu: 2, gpu: {t4: 1}}", "16", 8, {"nvidia.com/gpu": 8}),
        ("kind: job, completions: 8, parallelism: 3, resources: {cpu: 2}", "6", 3, {}),
        ("kind: notebook, users: [a, b, c]", "3/2", 3, {}),
        ("kind: serving, server: custom, replicas: {min: 2}", "1", 2, {}),
        ("kind: serving, server: custom, replicas: {min: 2, max: 6}", "3", 6, {}),
    ],
)
def test_all_pods_of_a_workload_count(workload: str, cpu: str, memory: str, gpus: dict[str, int]) -> None:
    assert asked(workload) == {"cpu": Fraction(cpu), "memory": Fraction(memory) * GIB, **gpus}


TWO = """\
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, resources: {cpu: 8, memory: 32Gi}}
  serve: {kind: serving, server: custom, image: ghcr.io/a/b:1, replicas: {min: 1, max: 4}, resources: {cpu: 2}}
"""


@pytest.mark.parametrize("quota", ["cpu: 18, memory: 37Gi", "cpu: 18000m", "memory: 38797312Ki", "gpu: {a100: 0}"])
def test_what_just_fits_fits(quota: str) -> None:
    """With the one pod of `serve` that is there twice while it is rolled out."""
    assert built(TWO, f"{GPUS}quota: {{{quota}}}\n")


@pytest.mark.parametrize(
    ("quota", "told"),
    [
        ("cpu: 15.999", "16 processors (`serve` for 8, `train` for 8), and the quota is 16"),
        ("cpu: 15", "16 processors (`serve` for 8, `train` for 8), and the quota is 15"),
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


def test_a_rollout_that_does_not_fit_is_a_warning() -> None:
    """The pods run; the next version of them waits until the autoscaler has taken some away."""
    [problem] = problems(TWO, "quota: {cpu: 16}\n")
    assert (problem.rule, problem.severity) == ("over-quota", "warning")
    assert "asks for 18 processors while it is rolled out (`serve` for 10, `train` for 8)" in problem.message


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


RUNS = """\
workloads:
  a: {kind: job, image: ghcr.io/a/b:1, completions: 3, resources: {gpu: {a100: 1}}}
  b: {kind: job, image: ghcr.io/a/b:1, completions: 2, resources: {gpu: {a100: 1}}}
  s: {kind: serving, server: custom, image: ghcr.io/a/b:1, replicas: {min: 1}, resources: {gpu: {a100: 1}}}
"""


@pytest.mark.parametrize(("total", "fits"), [(5, True), (4, False)])
def test_what_stays_and_the_greatest_run_fit_at_once(total: int, *, fits: bool) -> None:
    """The server has one pod, and one more while it is rolled out; the smaller of the two runs can wait."""
    found = problems(RUNS, f"gpus: {{a100: {{resource: nvidia.com/gpu, total: {total}}}}}\n")
    assert [problem.rule for problem in found] == ([] if fits else ["crowded-gpus"])
    if not fits:
        assert "may run at once in `dev` asks for 5 GPUs of class `a100` (`demo` for 5)" in found[0].message
        assert found[0].severity == "warning"
