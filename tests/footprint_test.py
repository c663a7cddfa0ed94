"""Objects in, how many of their pods run at a time and what one of them asks for, out."""

from fractions import Fraction
from typing import Any

import pytest

from mlgen.footprint import footprint, needs
from mlgen.gathered import Gathered

POD = {"containers": [{"name": "main", "resources": {"limits": {"nvidia.com/gpu": "1"}}}]}
TEMPLATE = {"spec": POD}


def body(kind: str, spec: Any, api_version: str = "apps/v1") -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "one"}, "spec": spec}


def scaler(most: int) -> dict[str, Any]:
    target = {"kind": "Deployment", "name": "one"}
    return body("HorizontalPodAutoscaler", {"scaleTargetRef": target, "maxReplicas": most}, "autoscaling/v2")


def pods(*bodies: dict[str, Any]) -> list[tuple[int, int]]:
    """Of each sort, how many run at a time, and how many more while they are rolled out."""
    return [(share.most, share.surge) for share in footprint(Gathered(bodies))]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, (1, 1)),
        ({"replicas": 4}, (4, 1)),
        ({"replicas": 5}, (5, 2)),  # a quarter, rounded up
        ({"replicas": 4, "strategy": {"type": "Recreate"}}, (4, 0)),
        ({"replicas": 4, "strategy": {"rollingUpdate": {"maxSurge": 0}}}, (4, 0)),
        ({"replicas": 4, "strategy": {"rollingUpdate": {"maxSurge": 3}}}, (4, 3)),
        ({"replicas": 3, "strategy": {"rollingUpdate": {"maxSurge": "100%"}}}, (3, 3)),
        ({"replicas": 0}, (0, 0)),
    ],
)
def test_a_deployment_has_more_pods_while_it_is_rolled_out(spec: Any, expected: tuple[int, int]) -> None:
    assert pods(body("Deployment", {"template": TEMPLATE, **spec})) == [expected]


def test_an_autoscaler_goes_as_far_as_it_may() -> None:
    assert pods(body("Deployment", {"replicas": 2, "template": TEMPLATE}), scaler(8)) == [(8, 2)]
    assert pods(body("Deployment", {"replicas": 9, "template": TEMPLATE}), scaler(8)) == [(9, 3)]
    assert pods(body("StatefulSet", {"replicas": 2, "template": TEMPLATE}), scaler(8)) == [(2, 0)]


@pytest.mark.parametrize(
    ("kind", "api_version", "spec", "expected"),
    [
        ("Job", "batch/v1", {"parallelism": 4, "completions": 3, "template": TEMPLATE}, [3]),
        ("Job", "batch/v1", {"completions": 3, "template": TEMPLATE}, [1]),
        ("CronJob", "batch/v1", {"jobTemplate": {"spec": {"parallelism": 2, "template": TEMPLATE}}}, [2]),
        ("CronJob", "batch/v1", {"suspend": True, "jobTemplate": {"spec": {"template": TEMPLATE}}}, [0]),
        (
            "TFJob",
            "kubeflow.org/v1",
            {"tfReplicaSpecs": {"Chief": {"template": TEMPLATE}, "Worker": {"replicas": 3, "template": TEMPLATE}}},
            [1, 3],
        ),
        (
            "RayCluster",
            "ray.io/v1",
            {
                "headGroupSpec": {"template": TEMPLATE},
                "workerGroupSpecs": [{"replicas": 1, "maxReplicas": 4, "numOfHosts": 2, "template": TEMPLATE}],
            },
            [1, 8],
        ),
        (
            "JobSet",
            "jobset.x-k8s.io/v1alpha2",
            {"replicatedJobs": [{"replicas": 2, "template": {"spec": {"parallelism": 3, "template": TEMPLATE}}}]},
            [6],
        ),
    ],
)
def test_every_count_on_the_way_to_the_pods_multiplies(
    kind: str, api_version: str, spec: Any, expected: list[int]
) -> None:
    assert [most for most, _ in pods(body(kind, spec, api_version))] == expected


def test_spark_says_its_pods_in_words_of_its_own() -> None:
    spec = {
        "type": "Python",
        "driver": {"cores": 1, "memory": "1g"},
        "executor": {"instances": 2, "cores": 4, "coreRequest": "3500m", "memory": "1024m", "memoryOverhead": "512m"},
        "dynamicAllocation": {"enabled": True, "maxExecutors": 6},
    }
    driver, executor = footprint(Gathered([body("SparkApplication", spec, "sparkoperator.k8s.io/v1beta2")]))
    assert (driver.most, executor.most) == (1, 6)
    assert driver.requests == {"cpu": 1, "memory": Fraction(1434 * 2**20)}  # four tenths of the heap, in whole MiB
    assert executor.requests == {"cpu": Fraction("3.5"), "memory": Fraction(1536 * 2**20)}


def train_job(**spec: Any) -> dict[str, Any]:
    return body("TrainJob", {"runtimeRef": {"name": "torch"}, **spec}, "trainer.kubeflow.org/v1alpha1")


def test_a_train_job_says_how_many_pods_there_are_and_what_each_asks_for() -> None:
    """What it lays over the runtime's pods looks like one more pod, and is none."""
    asked = {"requests": {"cpu": "4"}, "limits": {"nvidia.com/gpu": "2"}}
    part = {"nodeSelector": {"gpu": "a100"}, "containers": [{"name": "node", "volumeMounts": []}]}
    for patch in (
        {"podSpecOverrides": [{"targetJobs": [{"name": "node"}], **part}]},
        {"podTemplateOverrides": [{"targetJobs": [{"name": "node"}], "spec": part}]},
        {"runtimePatches": [{"manager": "a.b/c", "trainingRuntimeSpec": in_runtime({"spec": part})}]},
    ):
        [share] = footprint(Gathered([train_job(trainer={"numNodes": 4, "resourcesPerNode": asked}, **patch)]))
        assert share.most == 4
        assert share.requests == {"cpu": 4, "nvidia.com/gpu": 2}
        assert share.spec == {"nodeSelector": {"gpu": "a100"}}


def in_runtime(template: Any) -> dict[str, Any]:
    job = {"name": "node", "template": {"spec": {"template": template}}}
    return {"template": {"spec": {"replicatedJobs": [job]}}}


def test_a_train_job_that_does_not_say_has_one_pod_and_a_runtime_has_none() -> None:
    assert pods(train_job(trainer={"resourcesPerNode": {"limits": {"cpu": 1}}})) == [(1, 0)]
    assert pods(train_job(trainer={})) == []
    assert pods(body("TrainingRuntime", in_runtime(TEMPLATE), "trainer.kubeflow.org/v1alpha1")) == [(0, 0)]


def sized(cpu: int, **more: Any) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu}}, **more}


@pytest.mark.parametrize(
    ("first", "main", "cpu"),
    [
        ([], [2, 1], 3),
        ([sized(5)], [2, 1], 5),
        ([sized(5), sized(4)], [2, 1], 5),
        ([sized(1, restartPolicy="Always")], [2], 3),
        ([sized(1, restartPolicy="Always"), sized(4)], [2], 5),
        ([sized(4), sized(1, restartPolicy="Always")], [2], 4),
    ],
)
def test_what_runs_first_counts_only_where_it_asks_for_more(first: Any, main: list[int], cpu: int) -> None:
    spec: Any = {"initContainers": first, "containers": [sized(each) for each in main]}
    assert needs(spec, "requests") == {"cpu": cpu}
    assert needs({**spec, "overhead": {"cpu": "1"}}, "requests") == {"cpu": cpu + 1}
