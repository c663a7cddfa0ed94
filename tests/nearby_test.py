"""Pods that train together stand near each other: by Kueue, or by an affinity."""

from typing import Any

import pytest
from tests.around.queue_test import OPERATORS, spec
from tests.custom_test import accepted
from tests.gang_test import PYTORCH, run_of, templates
from tests.small import problems

from mlgen.kubernetes import check

ZONE = "topology.kubernetes.io/zone"
NEAR = f"topology: {{level: {ZONE}}}\n"
KUEUE = """\
queue: {from: kueue-0.19, cluster: gpus, topology: {level: cloud.provider.com/topology-rack}}
"""
OWN = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}
TERM = {"topologyKey": ZONE, "labelSelector": {"matchLabels": OWN}}
DRAWN = {"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": TERM}]}}
HELD = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [TERM]}}


@pytest.mark.parametrize("kind", ["TFJob", "MPIJob", "RayJob"])
@pytest.mark.parametrize(("required", "affinity"), [("", DRAWN), (", required: true", HELD)])
def test_pods_that_train_together_are_drawn_to_each_other(kind: str, required: str, affinity: Any) -> None:
    run = run_of(spec(kind), OPERATORS + NEAR.replace("}", f"{required}}}"))
    assert all(pod["spec"]["affinity"] == affinity for pod in templates(run))
    assert all(OWN.items() <= pod["metadata"]["labels"].items() for pod in templates(run))
    assert accepted(run)


def test_so_are_those_of_a_job_and_of_a_trainjob() -> None:
    job = run_of(PYTORCH, NEAR)
    assert job["spec"]["template"]["spec"]["affinity"] == DRAWN
    assert list(check(job, "1.34")) == []
    train = run_of(PYTORCH, "platform: {pytorch: kubeflow-trainer-2.2}\npodSecurity: baseline\n" + NEAR)
    assert [pod["spec"]["affinity"] for pod in templates(train)] == [DRAWN]
    assert accepted(train)


@pytest.mark.parametrize("text", [PYTORCH.replace("workers: 4", "workers: 1"), spec("Job", ", completions: 4")])
def test_pods_that_do_not_train_together_go_anywhere(text: str) -> None:
    assert run_of(text, NEAR) == run_of(text, "")


@pytest.mark.parametrize(("required", "word"), [("", "preferred"), (", required: true", "required")])
def test_kueue_looks_for_a_place_for_all_of_them(required: str, word: str) -> None:
    queue = KUEUE.replace("rack}", f"rack{required}}}")
    for run in (run_of(spec("TFJob"), OPERATORS + queue), run_of(spec("TrainJob"), OPERATORS + queue)):
        notes = [pod["metadata"]["annotations"] for pod in templates(run)]
        assert notes
        assert all(
            note == {f"kueue.x-k8s.io/podset-{word}-topology": "cloud.provider.com/topology-rack"} for note in notes
        )
        assert all("affinity" not in pod["spec"] for pod in templates(run))


def test_a_trainjob_of_2_0_cannot_say_it() -> None:
    text = spec("TrainJob")
    found = problems(text, OPERATORS.replace("trainer-2.2", "trainer-2.0") + NEAR)
    assert [problem.rule for problem in found if "near each other" in problem.message] == ["runtime-decides"]
